import { setTimeout as delay } from "node:timers/promises";
import type { Client } from "../connection/client.js";
import { GOODBYE_MS } from "../connection/config.js";
import { CHANNEL, payload, readMessage, type Message } from "./message.js";

const FIRST_BACKOFF_MS = 10;
const LAST_BACKOFF_MS = 250;
/** An echo takes a round trip; after this long it is lost. */
const ECHO_MS = 2_000;

/** What a listener listens on, and whom it tells. */
export interface ListenerOptions {
  /** A connection, not connected yet. */
  readonly makeClient: () => Client;
  /** Who this process is on the channel. */
  readonly origin: string;
  /** After how long a silence an echo is wanted, and after how long again it is sent if nothing carried one, in ms. */
  readonly echoEveryMs: number;
  /** Sends a message to oneself over another connection than the listening one: a pooler would hand it back on that one even if it dropped all others. */
  readonly sendEcho: () => Promise<void>;
  readonly receive: (message: Message) => void;
  /** Wake-ups may have been missed until now. */
  readonly onHealthy: () => void;
}

/**
 * A connection that listens, and makes itself anew. It is healthy while messages come, its own or others': behind a transaction pooler LISTEN fails silently.
 * In silence it wants an echo, which a statement that is sent anyway may carry; if none does, it sends one. Others' messages count, or a thousand workers would each send
 * their own to a thousand.
 */
export class Listener {
  healthy = false;
  #lastHeard = -Infinity;
  #wanted = false;
  #backoffMs = FIRST_BACKOFF_MS;
  readonly #stop = new AbortController();
  #running: Promise<void> | null = null;

  constructor(private readonly options: ListenerOptions) {}

  start(): void {
    this.#running ??= this.#run();
  }

  /** A message to oneself, if one is wanted; whoever takes it sends it. */
  takeEcho(): string | null {
    if (!this.#wanted) return null;
    this.#wanted = false;
    return payload({ from: this.options.origin });
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const client = this.options.makeClient();
      try {
        await this.#listen(client);
      } catch {
        // The database is away: told by `healthy`, and by every statement of the pool.
      }
      this.healthy = false;
      await Promise.race([client.end().catch(nothing), delay(GOODBYE_MS, undefined, { ref: false })]);
      await this.#pause(this.#backoffMs);
      this.#backoffMs = Math.min(this.#backoffMs * 2, LAST_BACKOFF_MS);
    }
  }

  /** Until the connection is lost, or nothing comes through it, or the end. */
  async #listen(client: Client): Promise<void> {
    const lost = new AbortController();
    client.on("error", () => lost.abort());
    client.on("end", () => lost.abort());
    client.on("notification", (notification) => this.#receive(notification.payload ?? ""));
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
    let asked = performance.now();
    while (!this.#stop.signal.aborted && !lost.signal.aborted) {
      if (this.#lastHeard < asked) {
        await this.options.sendEcho();
        await this.#pause(ECHO_MS, lost.signal, () => this.#lastHeard >= asked);
        if (this.#lastHeard < asked) return;
      }
      await this.#quiet(lost.signal);
      asked = performance.now();
      this.#wanted = true;
      await this.#pause(this.options.echoEveryMs, lost.signal, () => this.#lastHeard >= asked);
      this.#wanted = false;
    }
  }

  // As long as messages come anyway, nothing needs to be asked.
  async #quiet(lost: AbortSignal): Promise<void> {
    let until = this.options.echoEveryMs;
    while (until > 0 && !lost.aborted && !this.#stop.signal.aborted) {
      await this.#pause(until, lost);
      until = this.#lastHeard + this.options.echoEveryMs - performance.now();
    }
  }

  #receive(text: string): void {
    const message = readMessage(text);
    if (message === null) return;
    if (message.from !== this.options.origin) this.options.receive(message);
    this.#lastHeard = performance.now();
    this.#backoffMs = FIRST_BACKOFF_MS;
    this.#heard();
    if (this.healthy) return;
    this.healthy = true;
    this.options.onHealthy();
  }

  #heard: () => void = nothing;

  /** Waits, but not longer than the connection lives, nor once a message makes `done` true. */
  async #pause(ms: number, lost?: AbortSignal, done?: () => boolean): Promise<void> {
    if (done?.() === true) return;
    const enough = new AbortController();
    if (done) this.#heard = () => enough.abort();
    const signals = [this.#stop.signal, enough.signal, ...(lost ? [lost] : [])];
    await delay(ms, undefined, { ref: false, signal: AbortSignal.any(signals) }).catch(nothing);
    this.#heard = nothing;
  }
}

function nothing(): void {
  return;
}
