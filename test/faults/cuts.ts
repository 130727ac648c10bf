import type { DatabaseProxy } from "../proxy/proxy.js";

/** The statement without what differs from one use to the next. */
export function nameOf(statement: string): string {
  return statement.replace(/'[^']*'/g, "''").replace(/\s+/g, " ");
}

/** Whether the answer of this statement tells of a commit, as that of a function which is a transaction of its own does: the others of a transaction are rolled back with the connection. */
export function commits(statement: string): boolean {
  return statement.endsWith("commit") || statement.includes("select pg_temp.");
}

/** Whether this is what a worker sends to record and to claim, in either of its forms. */
export function isExchange(statement: string): boolean {
  return /select pg_temp\.(exchange|finish_step)\(/.test(statement);
}

/** Cuts answer after answer of those that are chosen, until it is told to stop. Each is asked about once. */
export class Cuts {
  /** The statements whose answers were cut, in their order. */
  readonly done: string[] = [];
  #stopped = false;

  constructor(
    private readonly proxy: DatabaseProxy,
    private readonly chosen: (statement: string) => boolean,
  ) {
    this.#next();
  }

  stop(): void {
    this.#stopped = true;
    this.proxy.serve();
  }

  #next(): void {
    if (this.#stopped) return;
    void this.proxy.cutReply(1, this.chosen).then((statement) => {
      this.done.push(nameOf(statement));
      this.#next();
    });
  }
}
