import { setImmediate as nextTurn } from "node:timers/promises";
import { Client } from "./client.js";
import { clientConfig, type ConnectionOptions } from "./config.js";
import type { Connections } from "./connections.js";

/** The next look comes so soon after one that found a statement under way, in ms. */
const LOOK_AGAIN_MS = 1_000;
/** And else so soon, in ms: each look wakes an idle process, for 0.4 ms of CPU. */
const LOOK_IDLY_MS = 3_000;
/** A statement is asked about at this look that found it under way, and nothing moved on its connection: the server is at none of which a slow network has brought it a part. */
const ASKED_AT_LOOK = 3;
/** How long the look itself may take, in ms. */
const PATIENCE_MS = 2_000;

/** A statement under way, as it was last looked at. */
interface Seen {
  readonly statement: object;
  readonly bytesRead: number;
  /** How many looks found it so. */
  readonly looks: number;
}

/**
 * Finds connections that have died without a word, as when a firewall forgets them: what is sent on them is never answered, while new ones work. PostgreSQL says over a
 * new one whether it is at what has had no answer: a statement that waits for a lock or a slow disk is left alone, however long it takes. Where new ones do not
 * work either nothing is known, and everything waits.
 */
export class Watch {
  readonly #options: ConnectionOptions;
  readonly #connections: Connections;
  #seen = new Map<Client, Seen>();
  #stopped = true;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ConnectionOptions, connections: Connections) {
    this.#options = options;
    this.#connections = connections;
  }

  start(): void {
    this.#stopped = false;
    this.#wait();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  #wait(): void {
    if (this.#stopped) return;
    const ms = this.#seen.size > 0 ? LOOK_AGAIN_MS : LOOK_IDLY_MS;
    this.#timer = setTimeout(() => void this.look().then(() => this.#wait()), ms).unref();
  }

  /** One look. Never rejects. */
  async look(): Promise<void> {
    const before = this.#seen;
    this.#seen = new Map();
    for (const client of this.#connections.established)
      if (client.underWay !== null) this.#seen.set(client, seen(client, client.underWay, before.get(client)));
    const unanswered = [...this.#seen].filter(([, { looks }]) => looks >= ASKED_AT_LOOK);
    if (unanswered.length === 0) return;
    try {
      const working = await this.#working(unanswered.map(([{ processID }]) => processID));
      // Its answer may have come while that was asked, or together with this one, and is read in the same turn.
      await nextTurn();
      const dead = unanswered.filter(
        ([client, { statement }]) => client.underWay === statement && !working.has(client.processID),
      );
      if (dead.length > 0) this.#end(new Set(dead.map(([client]) => client)));
    } catch {
      // New connections do not work either.
    }
  }

  /** Those that have died, and those on which nothing is under way, which went the same way: they are made anew when they are needed. */
  #end(dead: ReadonlySet<Client>): void {
    for (const client of this.#connections.established)
      if (dead.has(client) || client.underWay === null)
        client.destroy("the connection had died: the server is not at what was sent on it");
  }

  /** Which of these processes are at something; where the server does not tell, they are taken to be. */
  async #working(processes: readonly (number | null)[]): Promise<ReadonlySet<number | null>> {
    const config = clientConfig({
      ...this.#options,
      connectTimeoutMs: PATIENCE_MS,
      statementTimeoutMs: 0,
    });
    const client = new Client(config, this.#connections);
    try {
      await client.connect();
      const { rows } = await client.query<{ pid: number }>(
        "select pid from pg_stat_activity where pid = any($1) and (state is null or state not like 'idle%')",
        [processes],
      );
      return new Set(rows.map(({ pid }) => pid));
    } finally {
      void client.end().catch(() => undefined);
    }
  }
}

function seen({ bytesRead, isSending }: Client, statement: object, last: Seen | undefined): Seen {
  const stands = last?.statement === statement && last.bytesRead === bytesRead && !isSending;
  return { statement, bytesRead, looks: stands ? last.looks + 1 : 1 };
}
