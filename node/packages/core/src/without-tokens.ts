/** What the token of every attempt begins with. */
export const tokenPrefix = "mxt_";

/** Whatever looks like a token, of which any character may stand as a %-escape. */
const token = /(?:m|%6d)(?:x|%78)(?:t|%74)(?:_|%5f)(?:[\w-]|%[0-9a-f]{2})+/gi;

/** The text with `[token]` in place of whatever looks like an attempt's token: for logs and errors, which show what somebody sent. */
export function withoutTokens(text: string): string {
  return text.replace(token, "[token]");
}
