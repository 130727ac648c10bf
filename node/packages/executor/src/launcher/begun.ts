import { closeSync, openSync, readdirSync, readlinkSync, readSync } from "node:fs";
import { processOf } from "./processes.js";

/** The name that it has among a launcher's descriptors. */
const NAME = "/memfd:maxq-begun (deleted)";

/** Memory of a native launcher that outlives it: the number of the last script with a bound that may have begun. They begin in the order of their numbers. */
export class Begun {
  private constructor(
    private readonly pid: number,
    private readonly descriptor: number,
  ) {}

  /** Of a launcher that runs; null: this one has none. */
  static of(pid: number): Begun | null {
    const folder = `/proc/${pid}/fd`;
    try {
      const found = readdirSync(folder).find((name) => readlinkSync(`${folder}/${name}`) === NAME);
      return found === undefined ? null : new Begun(pid, openSync(`${folder}/${found}`, "r"));
    } catch {
      return null;
    }
  }

  /** Asked once, when the launcher is gone. Null: it is not, after all, and may still begin something. */
  last(): number | null {
    const bytes = Buffer.alloc(4);
    const isGone = processOf(this.pid) === null;
    readSync(this.descriptor, bytes, 0, bytes.length, 0);
    closeSync(this.descriptor);
    return isGone ? bytes.readUInt32LE(0) : null;
  }
}
