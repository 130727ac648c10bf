import { existsSync } from "node:fs";
import { chmod, readdir, rename } from "node:fs/promises";
import { join, resolve } from "node:path";
import { SOCKET } from "../launcher/channel.js";
import { type ExecutorLogger, silentLogger } from "../logger.js";
import { makeDirectory, restoreDirectory } from "./make-directory.js";
import { removeOutputFile } from "./output-file.js";
import { removeTree } from "./remove-tree.js";

/** Where the files live that scripts are handed. */
export interface WorkDirectory {
  readonly inputs: string;
  readonly outputs: string;
  /** Makes `outputs` again if somebody removed it, such as a cleaner of old files, put something else in its place, or took this user's rights to it. To be called before each start; those that come together look once. Throws if it cannot be made. */
  restore(): void;
  /** Removes everything that was made here, the socket of a launcher that was killed included; the directory itself stays, and with a warning what cannot be removed. */
  remove(): Promise<void>;
}

const SAME_MOMENT_MS = 1;

/** Makes the directory, for this user only, and unless it is inherited clears what a crashed predecessor left in it. It belongs to one runner at a time. */
export async function openWorkDirectory(
  path: string,
  inherited = false,
  logger: ExecutorLogger = silentLogger,
): Promise<WorkDirectory> {
  const root = resolve(path);
  const inputs = join(root, "inputs");
  const outputs = join(root, "outputs");
  const remove = async (): Promise<void> => {
    await chmod(root, 0o700).catch(() => {}); // removed: there is nothing; another's: the removal tells
    for (const path of [inputs, outputs, join(root, SOCKET)]) {
      const why = await removeTree(path);
      if (why !== null) await leaveBehind(path, why, logger);
    }
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

/** Puts what cannot be removed out of the way, where nobody looks at it again, so that it is told of once. */
async function leaveBehind(path: string, why: Error, logger: ExecutorLogger): Promise<void> {
  let number = 1;
  while (existsSync(`${path}.left-${number}`)) number++;
  const aside = `${path}.left-${number}`;
  const left = await rename(path, aside).then(
    () => aside,
    () => path,
  );
  logger.warn(
    `What scripts left could not be removed (${why.message}). It stays in ${left}: remove it, as root where other users own it.`,
    { path: left },
  );
}
