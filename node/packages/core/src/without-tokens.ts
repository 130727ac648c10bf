/** What the token of every attempt begins with. */
export const tokenPrefix = "mxt_";

/** Whatever looks like a token, of which any character may stand as a %-escape. */
const token = /(?:m|%6d)(?:x|%78)(?:t|%74)(?:_|%5f)(?:[\w-]|%[0-9a-f]{2})+/gi;

/** The text with `[token]` in place of whatever looks like an attempt's token: for logs and errors, which show what somebody sent. */
export function withoutTokens(text: string): string {
  return text.replace(token, "[token]");
}

/** No token is longer, each of its 84 characters written as an escape. */
const longestToken = 252;

/** The part of a text between two offsets, without tokens: one that begins before the part and reaches into it is none of it, either. */
export function partWithoutTokens(text: string, from: number, to = text.length): string {
  const near = Math.max(0, from - longestToken);
  const across = [...text.slice(near, from + longestToken).matchAll(token)].find(
    ({ index, 0: found }) => near + index < from && near + index + found.length > from,
  );
  return withoutTokens(text.slice(across === undefined ? from : near + across.index, to));
}
