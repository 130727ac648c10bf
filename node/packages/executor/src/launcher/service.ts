import { LauncherClient, type LauncherSurroundings } from "./client.js";
import type { LauncherCommand } from "./locate.js";
import { monotonicMs } from "./monotonic.js";

/** Deadlines further away, in ms, are brought to this: the launcher reckons in integers. */
const LONGEST_MS = 2 ** 40;

/** Keeps one launcher running: a dead one is replaced at the next start; one that never worked, by the next kind. */
export class LauncherService {
  #client: LauncherClient;
  /** Moment of the monotonic clock, in ms; null before the first. */
  #deadline: number | null = null;

  private constructor(
    private readonly commands: LauncherCommand[],
    private readonly surroundings: LauncherSurroundings,
    client: LauncherClient,
  ) {
    this.#client = client;
  }

  /** Starts the first of the launchers that works; throws if none does. */
  static async start(
    commands: readonly LauncherCommand[],
    surroundings: LauncherSurroundings,
  ): Promise<LauncherService> {
    for (const [index, command] of commands.entries()) {
      const client = new LauncherClient(command, surroundings);
      if (await client.ready) return new LauncherService(commands.slice(index), surroundings, client);
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

  get kind(): "native" | "node" {
    return this.#client.kind;
  }

  /** The launcher to use for a start now. */
  client(): LauncherClient {
    if (!this.#client.usable) {
      if (!this.#client.worked && this.commands.length > 1) this.commands.shift();
      const command = this.commands[0]!;
      this.surroundings.logger.info("starting another launcher", { launcher: command.kind });
      this.#client = new LauncherClient(command, this.surroundings);
      if (this.#deadline !== null) this.#client.setDeadline(this.#deadline);
    }
    return this.#client;
  }

  /** See `ScriptRunner.setDeadline`; a launcher that takes the place of a dead one is told, too. */
  setDeadline(msFromNow: number): void {
    this.#deadline = monotonicMs() + Math.min(Math.max(msFromNow, 0), LONGEST_MS);
    this.#client.setDeadline(this.#deadline);
  }

  /** Kills everything, then ends the launcher. */
  async close(): Promise<void> {
    await this.#client.close();
  }
}
