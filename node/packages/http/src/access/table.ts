import { readFile } from "node:fs/promises";

/**
 * A table of the kernel that is dear to read: the connections of a host take 2 ms of CPU, however few they are. Those who want it while it is being read share the
 * reading after that, which has begun after they asked, so that it has what they look for.
 */
export class Table {
  readonly #path: string;
  #reading: Promise<string> = Promise.resolve("");
  #next: Promise<string> | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** As it is after this call; empty if there is none. */
  read(): Promise<string> {
    this.#next ??= this.#reading.then(() => {
      this.#next = null;
      this.#reading = readFile(this.#path, "latin1").catch(() => "");
      return this.#reading;
    });
    return this.#next;
  }
}
