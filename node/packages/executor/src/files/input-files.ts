import { createHash } from "node:crypto";
import { mkdirSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

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
    const path = known?.path ?? join(this.#directory, `${++this.#counter}-${nameOf(runId)}`);
    const writing = this.#write(path, runId);
    this.#files.set(runId, writing);
    writing.then(
      () => {
        if (this.#files.get(runId) === writing) this.#keep(runId, path);
        else rmSync(path, { force: true }); // forgotten meanwhile
      },
      () => {
        if (this.#files.get(runId) === writing) this.#files.delete(runId);
      },
    );
    return writing;
  }

  forget(runId: string): void {
    const known = this.#files.get(runId);
    this.#files.delete(runId);
    if (known !== undefined && !(known instanceof Promise)) rmSync(known.path, { force: true });
  }

  /** Knows the files that a predecessor wrote for these runs, which its scripts still read, and removes all others. */
  inherit(runIds: Iterable<string>): void {
    const runs = new Map([...runIds].map((runId) => [nameOf(runId), runId]));
    for (const file of readdirSync(this.#directory)) {
      const [number = "", name = ""] = file.split("-");
      const runId = runs.get(name);
      this.#counter = Math.max(this.#counter, Number(number) || 0);
      if (runId === undefined) rmSync(join(this.#directory, file), { force: true });
      else this.#keep(runId, join(this.#directory, file));
    }
  }

  #keep(runId: string, path: string): void {
    const stat = statSync(path, { throwIfNoEntry: false });
    if (stat === undefined) this.#files.delete(runId);
    else this.#files.set(runId, { path, inode: stat.ino, changedMs: stat.ctimeMs, lookedAt: 0 });
  }

  /** Run ids are not used as names: the path must be safe whatever they hold. A file that has its name is whole. */
  async #write(path: string, runId: string): Promise<string> {
    // Now, and not when the input is here: the runner may have been closed by then.
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    const text = await this.#load(runId);
    if (text.length <= SMALL) {
      writeFileSync(`${path}.new`, text, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    } else {
      await writeFile(`${path}.new`, text, { mode: 0o600 });
      await rename(`${path}.new`, path);
    }
    return path;
  }
}

function isAsWritten(file: Written): boolean {
  const now = performance.now();
  if (now - file.lookedAt < SAME_MOMENT_MS) return true;
  file.lookedAt = now;
  const stat = statSync(file.path, { throwIfNoEntry: false });
  return stat !== undefined && stat.ino === file.inode && stat.ctimeMs === file.changedMs;
}

function nameOf(runId: string): string {
  return `${createHash("sha256").update(runId).digest("hex").slice(0, 32)}.json`;
}
