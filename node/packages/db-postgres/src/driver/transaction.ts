import type { Params, Tx, WakeUp } from "@maxq/db";
import type { ClientBase } from "pg";
import { setTimeout as delay } from "node:timers/promises";
import { mayBeLost, postgresFault, TransactionConflict } from "../connection/fault.js";
import type { Result } from "../statement/tinypg.js";

/** How often a deadlock or serialization conflict is tried again before it is told. */
const TRIES = 5;

/** Runs a statement by name on one connection. */
export type Execute = (statement: string, params: Params) => Promise<Result>;

/** What committed: the work's answer, and who is to be told. */
export interface Committed<T> {
  readonly result: T;
  readonly wakeUps: readonly WakeUp[];
}

/** Tries again, as a whole, what PostgreSQL gave up to end a deadlock. */
export async function retryingConflicts<T>(attempt: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof TransactionConflict) || tries === TRIES) throw error;
      await delay(Math.random() * 10 * tries);
    }
  }
}

/**
 * One transaction on one connection. `notify` is SQL that tells other processes; it goes with the commit in one message.
 * Rejects with the first fault of a statement even if `work` swallowed it: PostgreSQL answers COMMIT with ROLLBACK then, and that must not pass for success.
 */
export async function commit<T>(
  client: ClientBase,
  execute: Execute,
  work: (tx: Tx) => Promise<T>,
  notify: (wakeUps: readonly WakeUp[]) => string,
): Promise<Committed<T>> {
  await control(client, "begin");
  const tx = new PostgresTx(execute);
  try {
    const result = await work(tx);
    await tx.end();
    const wakeUps = [...tx.wakeUps.values()];
    await control(client, `${notify(wakeUps)}commit`);
    return { result, wakeUps };
  } catch (error) {
    await tx.end().catch(() => undefined);
    // A lost connection takes its transaction with it, and whoever handed the client in drops it.
    if (!mayBeLost(error)) await client.query("rollback").catch(() => undefined);
    throw error;
  }
}

async function control(client: ClientBase, text: string): Promise<void> {
  const what = text.endsWith("commit") ? "commit" : "begin";
  try {
    const answers = (await client.query(text)) as unknown as { command: string } | { command: string }[];
    const command = (Array.isArray(answers) ? answers.at(-1) : answers)?.command;
    if (command?.toLowerCase() === what) return;
  } catch (error) {
    throw postgresFault(what, error);
  }
  throw new Error("PostgreSQL rolled the transaction back at its commit: one of its statements had failed.");
}

class PostgresTx implements Tx {
  readonly wakeUps = new Map<string, WakeUp>();
  #last: Promise<unknown> = Promise.resolve();
  #failed: Error | null = null;
  #over = false;

  constructor(private readonly execute: Execute) {}

  async all<R extends object>(statement: string, params: Params = {}): Promise<R[]> {
    return (await this.#next(statement, params)).rows as R[];
  }

  async run(statement: string, params: Params = {}): Promise<number> {
    return (await this.#next(statement, params)).count;
  }

  wake(wakeUp: WakeUp): void {
    this.wakeUps.set(JSON.stringify(wakeUp), wakeUp);
  }

  /** Waits for what is under way and accepts nothing more. Rejects if a statement failed. */
  async end(): Promise<void> {
    this.#over = true;
    await this.#last;
    if (this.#failed !== null) throw this.#failed;
  }

  // A connection runs one statement at a time; after a failed one PostgreSQL takes no more.
  #next(statement: string, params: Params): Promise<Result> {
    if (this.#over)
      return Promise.reject(
        new Error("A statement was sent after its transaction had ended: await it inside."),
      );
    const answer = this.#last.then(() => {
      if (this.#failed !== null) throw this.#failed;
      return this.execute(statement, params);
    });
    this.#last = answer.catch((error: unknown) => {
      this.#failed ??= error as Error;
    });
    return answer;
  }
}
