/** What the token of every attempt begins with. */
export const tokenPrefix = "mxt_";

/**
 * Whatever looks like a token, whole or cut short, of which any character may stand as a %-escape. The first 37 of its 80 characters
 * only say whose it is; what is no longer holds nothing of the signature, and may be a name.
 */
const token = /(?:m|%6d)(?:x|%78)(?:t|%74)(?:_|%5f)(?:[\w-]|%[0-9a-f]{2}){38,}/gi;

/** The text with `[token]` in place of whatever looks like an attempt's token: for logs and errors, which show what somebody sent. */
export function withoutTokens(text: string): string {
  return text.replace(token, "[token]");
}

/** No token is longer, each of its 84 characters written as an escape. */
const longestToken = 252;

/** The part of a text between two offsets, without tokens: one that begins before the part and reaches into it is none of it, and one that reaches out of it is whole. */
export function partWithoutTokens(text: string, from: number, to = text.length): string {
  const near = Math.max(0, from - longestToken);
  let [start, end] = [from, to];
  for (const { index, 0: found } of text.slice(near, to + longestToken).matchAll(token)) {
    const [begins, ends] = [near + index, near + index + found.length];
    if (begins < from && ends > from) start = begins;
    if (begins < to && ends > to) end = ends;
  }
  return withoutTokens(text.slice(start, end));
}
