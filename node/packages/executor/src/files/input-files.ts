import { createHash } from "node:crypto";
import { readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";

/** Up to this length a file is written at once: five trips to another thread and back cost ten times what the calls do. */
const SMALL = 64 * 1024;

/** One file a run with the run's input as JSON, written when its first script starts, readable by this user only. */
export class InputFiles {
  readonly #directory: string;
  readonly #load: (runId: string) => Promise<string>;
  /** A path once it is written; until then the write that all concurrent starts wait for. */
  readonly #files = new Map<string, string | Promise<string>>();
  #counter = 0;

  constructor(directory: string, load: (runId: string) => Promise<string>) {
    this.#directory = directory;
    this.#load = load;
  }

  /** The file's path, at once if it is there already. Rejects as `load` and the file system do; the next call tries again. */
  pathOf(runId: string): string | Promise<string> {
    const known = this.#files.get(runId);
    if (known !== undefined) return known;
    const writing = this.#write(runId);
    this.#files.set(runId, writing);
    writing.then(
      (path) => {
        if (this.#files.get(runId) === writing) this.#files.set(runId, path);
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
    if (typeof known === "string") rmSync(known, { force: true });
  }

  /** Knows the files that a predecessor wrote for these runs, which its scripts still read, and removes all others. */
  inherit(runIds: Iterable<string>): void {
    const runs = new Map([...runIds].map((runId) => [nameOf(runId), runId]));
    for (const file of readdirSync(this.#directory)) {
      const [number = "", name = ""] = file.split("-");
      const runId = runs.get(name);
      this.#counter = Math.max(this.#counter, Number(number) || 0);
      if (runId === undefined) rmSync(join(this.#directory, file), { force: true });
      else this.#files.set(runId, join(this.#directory, file));
    }
  }

  /** Run ids are not used as names: the path must be safe whatever they hold. A file that has its name is whole. */
  async #write(runId: string): Promise<string> {
    const text = await this.#load(runId);
    const path = join(this.#directory, `${++this.#counter}-${nameOf(runId)}`);
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

function nameOf(runId: string): string {
  return `${createHash("sha256").update(runId).digest("hex").slice(0, 32)}.json`;
}
