import type { Inheritance, InheritedScript, ScriptProcess } from "@maxq/core";
import type { LauncherClient } from "../launcher/client.js";
import type { KnownAttempt } from "../launcher/frames.js";

/** What becomes of an inheritance. */
export interface Heir {
  adopt(known: KnownAttempt, script: InheritedScript): ScriptProcess;
  settled(taken: readonly InheritedScript[]): Promise<void>;
  refuse(): Promise<void>;
}

/** What a launcher that outlived its engine told of. */
export class LaunchedInheritance implements Inheritance {
  readonly #client: LauncherClient;
  readonly #heir: Heir;
  readonly #known: Map<string, KnownAttempt>;
  readonly #taken: InheritedScript[] = [];

  constructor(client: LauncherClient, heir: Heir) {
    this.#client = client;
    this.#heir = heir;
    this.#known = new Map(client.known.map((known) => [known.attemptKey, known]));
  }

  take(script: InheritedScript): ReturnType<Inheritance["take"]> {
    const known = this.#known.get(script.attemptKey);
    if (known === undefined) return null;
    this.#known.delete(script.attemptKey);
    this.#taken.push(script);
    return { process: this.#heir.adopt(known, script), ranMs: known.ranUs / 1000 };
  }

  async settle(): Promise<void> {
    this.#client.resume([...this.#known.values()]);
    await this.#heir.settled(this.#taken);
  }

  refuse(): Promise<void> {
    return this.#heir.refuse();
  }
}
