import { createHash } from "node:crypto";
import { readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { restoreDirectory } from "./make-directory.js";
import { removeTree } from "./remove-tree.js";

/** Up to this length a file is written at once: five trips to another thread and back cost ten times what the calls do. */
const SMALL = 64 * 1024;

/** A file as it was written: a script that writes to it, or puts another one in its place, changes one of the numbers. */
interface Written {
  readonly path: string;
  readonly inode: number;
  readonly changedMs: number;
  /** When it was looked at last, in ms of this process. */
  lookedAt: number;
}

/** How a file cannot be written where a script made something else in its place, or beside it. */
const inTheWay = new Set(["EEXIST", "EISDIR", "EACCES", "EPERM", "EBUSY"]);

/** Scripts that start together look once. */
const SAME_MOMENT_MS = 1;

/**
 * One file a run with the run's input as JSON, written when its first script starts, readable by this user only.
 * Before starts it is looked at, and written again where a script or somebody else changed, moved or removed it: the input is every script's.
 */
export class InputFiles {
  readonly #directory: string;
  readonly #load: (runId: string) => Promise<string>;
  /** A file once it is written; until then the write that all concurrent starts wait for. */
  readonly #files = new Map<string, Written | Promise<string>>();
  #counter = 0;

  constructor(directory: string, load: (runId: string) => Promise<string>) {
    this.#directory = directory;
    this.#load = load;
  }

  /** The file's path, at once if it is there already. Rejects as `load` and the file system do; the next call tries again. */
  pathOf(runId: string): string | Promise<string> {
    const known = this.#files.get(runId);
    if (known instanceof Promise) return known;
    if (known !== undefined && isAsWritten(known)) return known.path;
    const writing = this.#write(known?.path ?? this.#newPath(runId), runId);
    this.#files.set(runId, writing);
    writing.then(
      (path) => {
        if (this.#files.get(runId) === writing) this.#keep(runId, path);
        else discard(path); // forgotten meanwhile
      },
      () => {
        if (this.#files.get(runId) !== writing) return;
        if (known === undefined) this.#files.delete(runId);
        else this.#files.set(runId, known);
      },
    );
    return writing;
  }

  forget(runId: string): void {
    const known = this.#files.get(runId);
    this.#files.delete(runId);
    if (known !== undefined && !(known instanceof Promise)) discard(known.path);
  }

  /** Knows the files that a predecessor wrote for these runs, which its scripts still read, and removes all others. */
  inherit(runIds: Iterable<string>): void {
    const runs = new Map([...runIds].map((runId) => [nameOf(runId), runId]));
    for (const file of namesIn(this.#directory)) {
      const [number = "", name = ""] = file.split("-");
      const runId = runs.get(name);
      this.#counter = Math.max(this.#counter, Number(number) || 0);
      if (runId === undefined) discard(join(this.#directory, file));
      else this.#keep(runId, join(this.#directory, file));
    }
  }

  /** One that cannot be seen now is not as it was written. */
  #keep(runId: string, path: string): void {
    this.#files.set(runId, { path, inode: -1, changedMs: -1, lookedAt: 0, ...stateOf(path) });
  }

  /** Run ids are not used as names: the path must be safe whatever they hold. */
  #newPath(runId: string): string {
    return join(this.#directory, `${++this.#counter}-${nameOf(runId)}`);
  }

  /** A file that has its name is whole. Where a script left what cannot be removed in its place, it gets another name. */
  async #write(path: string, runId: string): Promise<string> {
    // Now, and not when the input is here: the runner may have been closed by then.
    restoreDirectory(this.#directory);
    const text = await this.#load(runId);
    try {
      await put(path, text);
      return path;
    } catch (error) {
      if (!inTheWay.has((error as NodeJS.ErrnoException).code ?? "")) throw error;
    }
    const stays = [await removeTree(`${path}.new`), await removeTree(path)].some((why) => why !== null);
    const place = stays ? this.#newPath(runId) : path;
    await put(place, text);
    return place;
  }
}

/** Replaces what is there at once: who reads meanwhile finds the one or the other. What a script made beside it, such as a FIFO, is neither followed nor opened. */
async function put(path: string, text: string): Promise<void> {
  const options = { flag: "wx", mode: 0o600 };
  if (text.length <= SMALL) {
    writeFileSync(`${path}.new`, text, options);
    renameSync(`${path}.new`, path);
  } else {
    await writeFile(`${path}.new`, text, options);
    await rename(`${path}.new`, path);
  }
}

function isAsWritten(file: Written): boolean {
  const now = performance.now();
  if (now - file.lookedAt < SAME_MOMENT_MS) return true;
  const state = stateOf(file.path);
  if (state === null || state.inode !== file.inode || state.changedMs !== file.changedMs) return false;
  file.lookedAt = now;
  return true;
}

/** Null where it is not there, or cannot be seen. */
function stateOf(path: string): Pick<Written, "inode" | "changedMs"> | null {
  try {
    const { ino, ctimeMs } = statSync(path);
    return { inode: ino, changedMs: ctimeMs };
  } catch {
    return null;
  }
}

/** Removes it, whatever a script made of it. What cannot be removed is told of when its folder is to go, as the runner is closed. */
function discard(path: string): void {
  try {
    rmSync(path, { force: true, recursive: true });
  } catch {
    void removeTree(path);
  }
}

/** Nothing, where a script removed the folder. */
function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}

function nameOf(runId: string): string {
  return `${createHash("sha256").update(runId).digest("hex").slice(0, 32)}.json`;
}
