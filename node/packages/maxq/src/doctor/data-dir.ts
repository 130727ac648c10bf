import { accessSync, constants, existsSync, mkdtempSync, rmdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { bad, good, type Finding } from "./finding.js";

const subject = "Data directory";

/** Can working files be made there? Makes nothing that stays. */
export function checkDataDir(dataDir: string): Finding {
  const cure = `Make it writable for this user, or name another one (--data-dir, MAXQ_DATA_DIR).`;
  const obstacle = obstacleToFilesIn(dataDir);
  if (obstacle !== null) return bad(subject, obstacle, cure);
  return good(subject, existsSync(dataDir) ? `${dataDir} is writable` : `${dataDir} can be made`);
}

/** What keeps this user from making files in a directory, which may have to be made, too; null if nothing does. */
export function obstacleToFilesIn(directory: string): string | null {
  let existing = directory;
  while (!existsSync(existing) && existing !== dirname(existing)) existing = dirname(existing);
  if (!statSync(existing).isDirectory()) return `${existing} is no directory`;
  try {
    accessSync(existing, constants.W_OK | constants.X_OK);
  } catch {
    return `${existing} cannot be written to by this user`;
  }
  return existing === directory ? null : obstacleToFoldersIn(existing);
}

/** The mode alone does not say so: nobody can make a directory in /proc. */
function obstacleToFoldersIn(existing: string): string | null {
  try {
    rmdirSync(mkdtempSync(join(existing, "maxq-doctor-")));
    return null;
  } catch (error) {
    return `no directory can be made in ${existing} (${(error as Error).message})`;
  }
}
