import { DatabaseUnavailable, type WakeUp } from "@maxq/db";
import type { Worker } from "node:worker_threads";
import { received, type Answer, type Call, type Reply, type Told } from "./messages.js";
import type { Served } from "./serve.js";

interface Pending {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Outside the thread: an object with the same methods. Rejects if the thread could not make its object. */
export async function remote<T extends Served>(worker: Worker): Promise<T> {
  const calls = new Calls(worker);
  await calls.ready;
  return new Proxy({} as T, {
    get(_, method) {
      // `then`: or awaiting the object would call it.
      if (typeof method === "symbol" || method === "then") return undefined;
      if (method === "onWakeUp") return (listener: (wakeUp: WakeUp) => void) => calls.onWakeUp(listener);
      if (method === "wakeUpsHealthy") return () => calls.alive;
      if (method === "close") return () => calls.close();
      return (...args: unknown[]) => calls.call(method, args);
    },
  });
}

class Calls {
  alive = true;
  readonly ready: Promise<void>;
  readonly #ended: Promise<void>;
  readonly #pending = new Map<number, Pending>();
  readonly #listeners = new Set<(wakeUp: WakeUp) => void>();
  #lastId = 0;
  #closing: Promise<void> | null = null;
  #crash: Error | null = null;

  constructor(private readonly worker: Worker) {
    let opened: () => void = unset;
    let refused: (why: Error) => void = unset;
    this.ready = new Promise((resolve, reject) => {
      opened = resolve;
      refused = reject;
    });
    this.#ended = new Promise((resolve) => {
      worker.once("exit", () => {
        this.#end();
        refused(this.#gone());
        resolve();
      });
    });
    worker.on("error", (error: Error) => (this.#crash = error));
    worker.on("messageerror", () => this.#unreadable());
    worker.on("message", (reply: Reply) => {
      if (reply.kind === "unreadable") {
        this.#unreadable();
        return;
      }
      if (reply.kind !== "ready") {
        this.#receive(reply);
        return;
      }
      if (reply.fault === null) opened();
      else refused(received(reply.fault));
      this.#holdProcess();
    });
  }

  call(method: string, args: readonly unknown[]): Promise<unknown> {
    if (!this.alive) return Promise.reject(this.#gone());
    return new Promise((resolve, reject) => {
      const call: Call = { id: ++this.#lastId, method, args };
      this.worker.postMessage(call);
      this.#pending.set(call.id, { resolve, reject });
      this.#holdProcess();
    });
  }

  onWakeUp(listener: (wakeUp: WakeUp) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Ends the thread; what was asked before is answered first. */
  close(): Promise<void> {
    this.#closing ??= this.alive ? this.call("close", []).then(() => this.#ended) : this.#ended;
    return this.#closing;
  }

  #receive(reply: Answer | Told): void {
    for (const wakeUp of reply.wakeUps) for (const listener of this.#listeners) listener(wakeUp);
    if (reply.kind === "told") return;
    const pending = this.#pending.get(reply.id);
    this.#pending.delete(reply.id);
    this.#holdProcess();
    if (reply.kind === "answer") pending?.resolve(reply.value);
    else pending?.reject(received(reply.fault));
  }

  #end(): void {
    this.alive = false;
    this.#rejectAll(this.#gone());
  }

  /** A call or an answer, such as one that is nested some thousand levels deep, could be sent and not be read: nobody knows which one, so all that wait are given up. */
  #unreadable(): void {
    const why = "What was sent to the SQLite database's thread, or came from it, could not be read";
    this.#rejectAll(new DatabaseUnavailable(`${why}: nothing is known about what was stored.`));
    this.#holdProcess();
  }

  #rejectAll(why: Error): void {
    for (const { reject } of this.#pending.values()) reject(why);
    this.#pending.clear();
  }

  #gone(): Error {
    const why = this.#crash === null ? "" : `: ${this.#crash.message}`;
    return new DatabaseUnavailable(`The SQLite database is closed: its thread has ended${why}.`);
  }

  /** The thread keeps the process alive only while somebody waits for it: for an answer, or for its end. */
  #holdProcess(): void {
    if (this.#pending.size > 0 || this.#closing !== null) this.worker.ref();
    else this.worker.unref();
  }
}

function unset(): void {
  throw new Error("A promise's executor runs before its constructor returns.");
}
