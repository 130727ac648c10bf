import type { ExecutorLogger } from "../logger.js";
import { LauncherClient } from "./client.js";
import type { LauncherCommand } from "./locate.js";

/** Keeps one launcher running: a dead one is replaced at the next start. */
export class LauncherService {
  #client: LauncherClient;

  private constructor(
    private readonly command: LauncherCommand,
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
    for (const command of commands) {
      const client = new LauncherClient(command, baseEnv, logger);
      if (await client.ready) return new LauncherService(command, baseEnv, logger, client);
      await client.close();
      logger.warn("a launcher does not work here", { launcher: command.kind, file: command.file });
    }
    throw new Error(
      "No launcher works here: build the native one (scripts/build-launcher.sh), or allow the Node one.",
    );
  }

  get kind(): "native" | "node" {
    return this.command.kind;
  }

  /** The launcher to use for a start now. */
  client(): LauncherClient {
    if (!this.#client.usable) {
      this.logger.info("starting another launcher", { launcher: this.command.kind });
      this.#client = new LauncherClient(this.command, this.baseEnv, this.logger);
    }
    return this.#client;
  }

  /** Kills everything, then ends the launcher. */
  async close(): Promise<void> {
    await this.#client.close();
  }
}
