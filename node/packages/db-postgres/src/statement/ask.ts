import type { Params } from "@maxq/db";
import type { Client, Connection, DatabaseError, Submittable } from "pg";
import { postgresFault } from "../connection/fault.js";

/** A statement that this connection has prepared under its name, and whose answer is one text. */
export interface Asked {
  /** For messages. */
  readonly name: string;
  readonly prepared: string;
  readonly values: readonly Params[string][];
}

/** Runs it, committed when this resolves. Null: no row, or NULL. Rejects as `send`. */
export async function ask(client: Client, { name, prepared, values }: Asked): Promise<string | null> {
  try {
    return await new Promise((resolve, reject) => {
      const done: Done = (error, answer) => (error === null ? resolve(answer ?? null) : reject(error));
      client.query(new Question(prepared, values.map(asText), done));
    });
  } catch (error) {
    throw postgresFault(name, error);
  }
}

type Done = (error: Error | null, answer?: string | null) => void;

/**
 * What pg's own query does for any statement, for one that answers a text: the server describes no columns, and no rows are made of them. That was a tenth of the
 * engine's CPU time in a chain.
 */
class Question implements Submittable {
  #answer: string | null = null;

  /** @param callback pg puts its own around it, which ends its timer */
  constructor(
    private readonly prepared: string,
    private readonly values: (string | null)[],
    public callback: Done,
  ) {}

  submit(connection: Connection): null {
    const { stream } = connection;
    stream.cork();
    connection.bind({ statement: this.prepared, values: this.values }, true);
    connection.execute({}, true);
    connection.sync();
    stream.uncork();
    return null;
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    this.#answer = fields[0] ?? null;
  }

  handleCommandComplete(): void {
    // It is committed, and counts, once the server is ready again.
  }

  handleReadyForQuery(): void {
    this.callback(null, this.#answer);
  }

  handleError(error: DatabaseError | Error): void {
    this.callback(error);
  }
}

/** As PostgreSQL reads it. */
function asText(value: Params[string]): string | null {
  if (value === null || typeof value === "string") return value;
  if (typeof value !== "object") return String(value);
  return `{${value.map((item: string | number | null) => (typeof item === "string" ? quoted(item) : (item ?? "NULL"))).join()}}`;
}

function quoted(text: string): string {
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}
