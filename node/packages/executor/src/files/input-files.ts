import { rmSync } from "node:fs";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

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
    if (typeof known === "string") void rm(known, { force: true }).catch(() => {});
  }

  /** Run ids are not used as names: the path must be safe whatever they hold. */
  async #write(runId: string): Promise<string> {
    const text = await this.#load(runId);
    const path = join(this.#directory, `${++this.#counter}.json`);
    await writeFile(path, text, { mode: 0o600 });
    return path;
  }
}
