import type { ExecutorLogger } from "../logger.js";
import { LauncherClient } from "./client.js";
import type { LauncherCommand } from "./locate.js";

/** Keeps one launcher running: a dead one is replaced at the next start; one that never worked, by the next kind. */
export class LauncherService {
  #client: LauncherClient;

  private constructor(
    private readonly commands: LauncherCommand[],
    private readonly baseEnv: readonly string[],
    private readonly logger: ExecutorLogger,
    client: LauncherClient,
  ) {
    this.#client = client;
  }

  /** Starts the first of the launchers that works; throws if none does. */
  static async start(
    commands: readonly LauncherCommand[],
    baseEnv: readonly string[],
    logger: ExecutorLogger,
  ): Promise<LauncherService> {
    for (const [index, command] of commands.entries()) {
      const client = new LauncherClient(command, baseEnv, logger);
      if (await client.ready) return new LauncherService(commands.slice(index), baseEnv, logger, client);
      await client.close();
      logger.warn("a launcher does not work here", { launcher: command.kind, file: command.file });
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
      this.logger.info("starting another launcher", { launcher: command.kind });
      this.#client = new LauncherClient(command, this.baseEnv, this.logger);
    }
    return this.#client;
  }

  /** Kills everything, then ends the launcher. */
  async close(): Promise<void> {
    await this.#client.close();
  }
}
