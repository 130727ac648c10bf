import { distance } from "fastest-levenshtein";

/** Spelling apart from case and separators: `max_retries` is `maxRetries`. */
function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[-_. ]/g, "");
}

/** The candidate that was probably meant, undefined if none is close. Of equally close ones the first. */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  const wanted = plain(word).slice(0, 200);
  let best: string | undefined;
  let bestCost = Math.max(1, Math.floor(wanted.length * 0.4)) + 1;
  for (const candidate of candidates) {
    const other = plain(candidate);
    const part = wanted.length >= 4 && (other.startsWith(wanted) || other.endsWith(wanted));
    const cost = part ? Math.min(1, distance(wanted, other)) : distance(wanted, other);
    if (cost < bestCost) [best, bestCost] = [candidate, cost];
  }
  return best;
}

/** Whether a word is another but for its spelling (`max_retries`) or one slip: a letter too many, too few, wrong, or two swapped. */
export function isSlip(word: string, meant: string): boolean {
  if (word === meant) return true;
  const [a, b] = [plain(word.slice(0, 200)), plain(meant)];
  if (a.length !== b.length || distance(a, b) <= 1) return distance(a, b) <= 1;
  let at = 0;
  while (a[at] === b[at]) at++;
  return `${a.slice(0, at)}${a.charAt(at + 1)}${a.charAt(at)}${a.slice(at + 2)}` === b;
}

/** ` Did you mean "x"?` to end a message with, or an empty string. */
export function didYouMean(word: string, candidates: Iterable<string>): string {
  const meant = closest(word, candidates);
  return meant === undefined ? "" : ` Did you mean ${JSON.stringify(meant)}?`;
}
