import { readSettings, type Environment, type Flags } from "./read.js";
import type { Settings } from "./settings.js";

/** Reads all settings; says all that is wrong and answers null if something is. `warn` gets what is odd but no obstacle. */
export function settingsOrComplain(
  given: { readonly flags: Flags; readonly environment: Environment; readonly err: (line: string) => void },
  warn: (line: string) => void = given.err,
): Settings | null {
  const answer = readSettings(given.flags, given.environment);
  for (const warning of answer.warnings) warn(warning);
  if (answer.reason === "read") return answer.settings;
  for (const problem of answer.problems) given.err(`maxq: ${problem}`);
  return null;
}
