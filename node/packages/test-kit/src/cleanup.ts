type Work = () => unknown;

const root = (globalThis as { after?: (work: () => Promise<void>) => void }).after;
const works: Work[] = [];

/**
 * Runs work when all tests are over, in the reverse order of asking. Under mocha by a root hook, so this module is to be imported at the top of a test file;
 * elsewhere (a benchmark) `endOfTests` is called by hand.
 */
export function afterAllTests(work: Work): void {
  works.unshift(work);
}

/** What the root hook does. */
export async function endOfTests(): Promise<void> {
  for (const work of works) await work();
}

root?.(endOfTests);
