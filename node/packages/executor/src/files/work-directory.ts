import { chmod, readdir, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { SOCKET } from "../launcher/channel.js";
import { makeDirectory, restoreDirectory } from "./make-directory.js";
import { removeOutputFile } from "./output-file.js";

/** Where the files live that scripts are handed. */
export interface WorkDirectory {
  readonly inputs: string;
  readonly outputs: string;
  /** Makes `outputs` again if somebody removed it, such as a cleaner of old files, or put something else in its place. To be called before each start; those that come together look once. Throws if it cannot be made. */
  restore(): void;
  /** Removes everything that was made here, the socket of a launcher that was killed included; the directory itself stays. */
  remove(): Promise<void>;
}

const SAME_MOMENT_MS = 1;

/** Makes the directory, for this user only, and unless it is inherited clears what a crashed predecessor left in it. It belongs to one runner at a time. */
export async function openWorkDirectory(path: string, inherited = false): Promise<WorkDirectory> {
  const root = resolve(path);
  const inputs = join(root, "inputs");
  const outputs = join(root, "outputs");
  const remove = async (): Promise<void> => {
    for (const path of [inputs, outputs, join(root, SOCKET)])
      await rm(path, { recursive: true, force: true });
  };
  makeDirectory(root);
  await chmod(root, 0o700);
  if (!inherited) await remove();
  for (const directory of [inputs, outputs]) restoreDirectory(directory);
  let lookedAt = 0;
  const restore = (): void => {
    const now = performance.now();
    if (now - lookedAt < SAME_MOMENT_MS) return;
    restoreDirectory(outputs);
    lookedAt = now;
  };
  return { inputs, outputs, restore, remove };
}

/** Removes the output files of all attempts but these. Where a script removed their folder, there are none. */
export async function keepOutputs(
  { outputs }: WorkDirectory,
  attemptKeys: ReadonlySet<string>,
): Promise<void> {
  const names = await readdir(outputs).catch(() => []);
  for (const name of names) if (!attemptKeys.has(name)) await removeOutputFile(join(outputs, name));
}
