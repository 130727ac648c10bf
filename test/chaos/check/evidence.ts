import { readFileSync } from "node:fs";

/** A line that a script of the load wrote. Their order is the order of the writes. */
export interface Line {
  readonly no: number;
  readonly text: string;
  /** `overlap`: another live script of the same step; `remains`: what one left behind; `failed`: the script's own end with exit code 1. */
  readonly word: "begin" | "end" | "failed" | "overlap" | "remains";
  readonly runId: string;
  /** A step's id, or `flow:<completed stage>:<failed stage>`. */
  readonly subject: string;
  readonly attempt: number;
  readonly worker: string;
  /** Ms since the epoch. */
  readonly at: number;
}

/** What scripts wrote, whatever the database says. */
export class Evidence {
  readonly lines: readonly Line[];
  readonly #ofRun = new Map<string, Line[]>();

  constructor(file: string) {
    this.lines = readFileSync(file, "utf8").trimEnd().split("\n").map(parse);
    for (const line of this.lines) {
      const those = this.#ofRun.get(line.runId);
      if (those === undefined) this.#ofRun.set(line.runId, [line]);
      else those.push(line);
    }
  }

  ofRun(runId: string): readonly Line[] {
    return this.#ofRun.get(runId) ?? [];
  }
}

function parse(text: string, no: number): Line {
  const [word, runId, subject, attempt, worker, , at] = text.split(" ");
  return {
    no,
    text,
    word: word as Line["word"],
    runId: runId!,
    subject: subject!,
    attempt: Number(attempt),
    worker: worker!,
    at: Number(at) * 1000,
  };
}
