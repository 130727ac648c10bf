import { createHash } from "node:crypto";
import { accessSync, constants, realpathSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { DatabaseInUse, lockDatabase } from "@maxq/db-sqlite";
import { giveRights, makeDirectory } from "@maxq/executor";

/** A worker's place on its host: the first folder `<data-dir>/workers/N` that no other process has. */
export interface WorkerPlace {
  /** Its name among workers: `host/1@3fa9c1`, whose end stands for the data directory: two of them on one host have two places of each number. */
  readonly id: string;
  readonly directory: string;
  release(): void;
}

/** Takes the first free place. The lock ends with this process, however that ends. */
export async function takeWorkerPlace(dataDir: string): Promise<WorkerPlace> {
  for (let number = 1; ; number += 1) {
    const directory = join(dataDir, "workers", String(number));
    makeDirectory(directory);
    giveRights(directory);
    try {
      const lock = await lockDatabase(join(directory, "place"), "server", 0);
      const id = `${hostname()}/${number}@${shortNameOf(dataDir)}`;
      return { id, directory, release: () => lock.release() };
    } catch (error) {
      if (!(error instanceof DatabaseInUse)) throw error;
    }
  }
}

/** Says of a file that cannot be made or written in the data directory which directory that is, and what to do; answers other errors as they are. */
export function explainFailure(dataDir: string, error: unknown): unknown {
  if ((error as NodeJS.ErrnoException).syscall === undefined) return error;
  let why = (error as Error).message;
  try {
    accessSync(dataDir, constants.W_OK);
  } catch (reason) {
    // The other error may be another one: ENOENT for a folder that is to be made on a disk that is read-only.
    why = (reason as Error).message;
  }
  const cure = "Make it writable, with room on its disk, or name another one (--data-dir, MAXQ_DATA_DIR).";
  return new Error(`The data directory ${dataDir} cannot be written (${why}). ${cure}`, { cause: error });
}

function shortNameOf(directory: string): string {
  return createHash("sha256").update(realpathSync(directory)).digest("hex").slice(0, 6);
}
