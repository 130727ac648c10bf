import { accessSync, constants, existsSync, statSync } from "node:fs";
import { dirname } from "node:path";
import { bad, good, type Finding } from "./finding.js";

const subject = "Data directory";

/** Can working files be made there? Makes nothing itself. */
export function checkDataDir(dataDir: string): Finding {
  const cure = `Make it writable for this user, or name another one (--data-dir, MAXQ_DATA_DIR).`;
  let existing = dataDir;
  while (!existsSync(existing) && existing !== dirname(existing)) existing = dirname(existing);
  if (!statSync(existing).isDirectory()) return bad(subject, `${existing} is no directory`, cure);
  try {
    accessSync(existing, constants.W_OK | constants.X_OK);
  } catch {
    return bad(subject, `${existing} cannot be written to by this user`, cure);
  }
  return good(subject, existing === dataDir ? `${dataDir} is writable` : `${dataDir} can be made`);
}
