import { accessSync, constants, existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { bad, good, type Finding } from "./finding.js";

const subject = "Data directory";
/** Four pages: no file system keeps them beside the file's name, where a full disk has room for them. */
const fewBytes = 16_384;

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
  return obstacleToAFileBelow(existing);
}

/** The mode alone does not say so: nobody can make a directory in /proc, and a disk may be full. */
function obstacleToAFileBelow(existing: string): string | null {
  let folder: string | null = null;
  try {
    folder = mkdtempSync(join(existing, "maxq-doctor-"));
    writeFileSync(join(folder, "file"), Buffer.alloc(fewBytes));
    return null;
  } catch (error) {
    const what = folder === null ? "no directory can be made" : "nothing can be written";
    return `${what} in ${existing} (${(error as Error).message})`;
  } finally {
    if (folder !== null) rmSync(folder, { recursive: true });
  }
}
