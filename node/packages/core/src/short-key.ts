const longest = 100;

/** At most 100 characters of a key that somebody sent, for messages and paths. */
export function shortKey(key: string): string {
  return key.length <= longest ? key : `${key.slice(0, longest - 1)}…`;
}
