import type { ConnectionEnd, Containment } from "@maxq/core";
import { LauncherClient } from "./client.js";
import type { LauncherSurroundings } from "./launched.js";
import type { LauncherCommand } from "./locate.js";
import { monotonicMs } from "./monotonic.js";

/** Deadlines further away, in ms, are brought to this: the launcher reckons in integers. */
const LONGEST_MS = 2 ** 40;

/** An attempt whose outcome is not recorded. */
export interface Unrecorded {
  readonly attemptKey: string;
  readonly outputPath: string;
}

/** Keeps one launcher running: a dead one is replaced at the next start; one that never worked, by the next kind. */
export class LauncherService {
  #client: LauncherClient;
  /** Holds the scripts' environment: nothing that prints this object may show it. */
  #surroundings: LauncherSurroundings;
  /** Moment of the monotonic clock, in ms; null before the first. */
  #deadline: number | null = null;

  /** What the launcher that takes the place of a dead one is to remember as lost. */
  unrecorded: () => Iterable<Unrecorded> = () => [];

  private constructor(
    private readonly commands: LauncherCommand[],
    surroundings: LauncherSurroundings,
    client: LauncherClient,
  ) {
    this.#client = client;
    this.#surroundings = surroundings;
  }

  /** Goes on with the launcher of a predecessor. */
  static inherit(
    commands: readonly LauncherCommand[],
    surroundings: LauncherSurroundings,
    client: LauncherClient,
  ): LauncherService {
    return new LauncherService([...commands], surroundings, client);
  }

  /** Starts the first of the launchers that works; throws if none does. */
  static async start(
    commands: readonly LauncherCommand[],
    surroundings: LauncherSurroundings,
  ): Promise<LauncherService> {
    const { client, rest } = await LauncherService.#first(commands, surroundings);
    return new LauncherService(rest, surroundings, client);
  }

  static async #first(commands: readonly LauncherCommand[], surroundings: LauncherSurroundings) {
    for (const [index, command] of commands.entries()) {
      const client = LauncherClient.spawn(command, surroundings);
      if (await client.ready) return { client, rest: commands.slice(index) };
      await client.close();
      surroundings.logger.warn("a launcher does not work here", {
        launcher: command.kind,
        file: command.file,
      });
    }
    throw new Error(
      "No launcher works here: build the native one (scripts/build-launcher.sh), or allow the Node one.",
    );
  }

  /** See `LauncherSurroundings.owner`. */
  get owner(): string | null {
    return this.#surroundings.owner;
  }

  get containment(): Containment {
    return this.#client.containment;
  }

  get kind(): "native" | "node" {
    return this.#client.kind;
  }

  /** See `ScriptRunner.keepsWaiting`. */
  get keepsWaiting(): boolean {
    return this.#client.keepsWaiting;
  }

  /** The launcher to use for a start now. */
  client(): LauncherClient {
    if (!this.#client.usable) {
      if (!this.#client.worked && this.commands.length > 1) this.commands.shift();
      const command = this.commands[0]!;
      this.#surroundings.logger.info("starting another launcher", { launcher: command.kind });
      this.#surroundings.restarted();
      this.#client = LauncherClient.spawn(command, this.#surroundings);
      if (this.#deadline !== null) this.#client.setDeadline(this.#deadline);
      for (const { attemptKey, outputPath } of this.unrecorded())
        this.#client.rememberLost(attemptKey, outputPath);
    }
    return this.#client;
  }

  /** See `ScriptRunner.connectionOwner`. */
  connectionOwner(of: ConnectionEnd, to: ConnectionEnd): Promise<number | null> {
    return this.#client.connectionOwner(of, to);
  }

  /** See `ScriptRunner.setDeadline`; a launcher that takes the place of a dead one is told, too. */
  setDeadline(msFromNow: number): void {
    this.#deadline = monotonicMs() + Math.min(Math.max(msFromNow, 0), LONGEST_MS);
    this.#client.setDeadline(this.#deadline);
  }

  /** Ends the launcher, as `close`, and starts another, under another owner's name. */
  async replace(owner: string | null): Promise<void> {
    await this.#client.close();
    this.#surroundings = { ...this.#surroundings, owner };
    const { client, rest } = await LauncherService.#first(this.commands, this.#surroundings);
    this.commands.splice(0, this.commands.length, ...rest);
    this.#client = client;
  }

  /** Leaves the launcher and all that it runs to a successor. */
  leave(): Promise<void> {
    return this.#client.leave();
  }

  /** Kills everything, then ends the launcher. */
  async close(): Promise<void> {
    await this.#client.close();
  }
}
