import { chmodSync, existsSync, lstatSync, mkdirSync, rmSync, statSync } from "node:fs";
import { dirname } from "node:path";

/** What the owner of a directory needs to see and change what is in it. */
const OWNER = 0o700;

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

/**
 * Makes it again, also where a script put something else in its place, a file or a link: that goes. Where a script took this user's rights to it, or to the
 * directory above it, they are given back. Throws as the file system does.
 */
export function restoreDirectory(path: string): void {
  if (isOpen(path)) return;
  const above = dirname(path);
  makeDirectory(above);
  giveRights(above);
  if (lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) giveRights(path);
  else {
    rmSync(path, { force: true });
    makeDirectory(path);
  }
}

/** Lets this user into a directory whose rights a script took. Throws as the file system does. */
export function giveRights(path: string): void {
  if ((statSync(path).mode & OWNER) !== OWNER) chmodSync(path, OWNER);
}

/** Is there, is no link, and can be used. */
function isOpen(path: string): boolean {
  try {
    const stat = lstatSync(path);
    return stat.isDirectory() && (stat.mode & OWNER) === OWNER;
  } catch {
    return false;
  }
}

function isDirectory(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
