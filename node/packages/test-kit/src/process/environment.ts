/** Carries the mark of a program through everything that it starts. Not MAXQ_*, which scripts do not get to see. */
export const MARK_VARIABLE = "TEST_PROCESS_MARK";

const KEPT = ["PATH", "HOME", "USER", "SHELL", "LANG", "LC_ALL", "TMPDIR", "TZ"];

/** What a program under test finds in its environment: a plain user's, and nothing of the test run's. */
export function cleanEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept = KEPT.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(kept), ...more };
}
