import { existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";

/**
 * Makes a directory and those above it that are missing, for this user only; throws as the file system does. Node's own `recursive` never ends where that answers
 * ENOENT below a directory that is there, as /proc does.
 */
export function makeDirectory(path: string): void {
  if (isDirectory(path)) return;
  if (!existsSync(dirname(path))) makeDirectory(dirname(path));
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    // Another process may have made it meanwhile.
    if (!isDirectory(path)) throw error;
  }
}

/** Makes it again, also where a script put something else in its place, a file or a link to nowhere: that goes. Throws as the file system does. */
export function restoreDirectory(path: string): void {
  if (isDirectory(path)) return;
  rmSync(path, { force: true });
  makeDirectory(path);
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
