import { chmod, lstat, readdir, rm } from "node:fs/promises";
import { join } from "node:path";

const OWNER = 0o700;

/**
 * Removes what a script left, whatever it is: folders in it may be read-only, as in copies of caches, or closed, and are opened first where this user may.
 * Answers why it is still there; null: it is gone.
 */
export async function removeTree(path: string): Promise<Error | null> {
  if ((await removal(path)) === null) return null;
  await openFolders(path);
  return removal(path);
}

async function removal(path: string): Promise<Error | null> {
  try {
    await rm(path, { force: true, recursive: true });
    return null;
  } catch (error) {
    return error as Error;
  }
}

/** Follows no link. What cannot be opened tells when it is to be removed. */
async function openFolders(path: string): Promise<void> {
  try {
    const stat = await lstat(path);
    if (!stat.isDirectory()) return;
    if ((stat.mode & OWNER) !== OWNER) await chmod(path, OWNER);
    for (const entry of await readdir(path, { withFileTypes: true }))
      if (entry.isDirectory()) await openFolders(join(path, entry.name));
  } catch {
    // See above.
  }
}
