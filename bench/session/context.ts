import type { DatabaseKind } from "../case.js";
import type { BenchDatabase, DatabaseOptions } from "../database/database.js";
import type { BenchServer, Engine, EngineOptions } from "../program/engine.js";
import type { Answers } from "./interleave.js";

/**
 * So long both a case's works and their references are done before the rounds that count, where what a step costs the engine is to be seen. V8 compiles what runs often in the first thousands of steps,
 * on threads of its own, once in a process's life: an engine that runs for a night has it behind it. What the very first round cost stands on the page beside it.
 */
export const warmUpMs = 20_000;

/** The same for the page, at the end of what a case measures. */
export const warmedUp =
  "Before the rounds that count, all of it was done for 20 seconds, because V8 compiles what runs often in a server's first thousands of steps; what the first one cost stands beside it.";

/** What a case is given. Everything that it starts is ended after it, in reverse order. */
export interface BenchContext {
  /** On which database this run of the case is. */
  readonly kind: DatabaseKind;
  /** Rounds that count. */
  readonly rounds: number;
  /** Whether only correctness is looked at: everything tiny, databases and servers shared among the cases, nothing durable. */
  readonly smoke: boolean;
  /** The flows of `bench/flows`, in a folder of this session's own, where cases may add theirs. */
  readonly flowsRoot: string;
  /** How much of something: less in a smoke run. */
  size(full: number, smoke: number): number;
  /** A database of this case's own; in a smoke run without options, everybody's. */
  createDatabase(options?: DatabaseOptions): Promise<BenchDatabase>;
  /** The built server, as a process, with ten slots and default settings; ready. In a smoke run one that another case had started on the same database with the same options. */
  startServer(database: BenchDatabase, options?: EngineOptions): Promise<BenchServer>;
  /** The built worker, as a process. */
  startWorker(database: BenchDatabase, options?: EngineOptions): Engine;
  /** Does all works once a round, after one that does not count, or as many as fit into `warmUpMs`; see `interleave` and `warmUpMs`. */
  interleave<W extends Readonly<Record<string, () => Promise<unknown>>>>(
    works: W,
    options?: { readonly warmUpMs?: number },
  ): Promise<Answers<W>>;
  /** Ends something with the case. */
  afterwards(end: () => unknown): void;
  /** For who watches. */
  say(line: string): void;
  /** For who reads the page: what could not be measured and why, or what a figure does not show. */
  note(text: string): void;
}
