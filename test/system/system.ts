import { startProgram } from "@maxq/test-kit";
import { join } from "node:path";
import { Flows } from "./flows.js";
import { command, Server } from "./server.js";

export interface SystemSettings {
  /** The flows root; without it, an empty one that the tests fill through `system.flows`. */
  readonly flows?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Permissions count for the server and its scripts, although root starts it. */
  readonly withoutPrivileges?: boolean;
}

/** A server, its database and its folders. */
export class System {
  readonly flows: Flows;
  #server: Server | null = null;
  #database: Readonly<Record<string, string>> = {};

  constructor(
    private readonly settings: SystemSettings,
    private readonly directory: string,
  ) {
    this.flows = new Flows(join(directory, "flows"));
  }

  /** The one that runs now; another one after `restart`. */
  get server(): Server {
    if (this.#server === null) throw new Error("The server is not running: use it in tests only.");
    return this.#server;
  }

  /** Starts the server on the database that these variables name. */
  async start(database: Readonly<Record<string, string>>): Promise<void> {
    this.#database = database;
    await this.restart();
  }

  /** Starts a server on the same database and folders as before. The old one must have ended. */
  async restart(): Promise<void> {
    const { withoutPrivileges = false } = this.settings;
    const env = this.#environment();
    this.#server = await Server.start({ directory: this.directory, env, withoutPrivileges });
  }

  /** Starts a server that is killed at a crash point before it is ready; resolves when it has been. */
  async diesAtItsStart(point: string): Promise<void> {
    const program = startProgram({
      command,
      args: [],
      cwd: this.directory,
      env: {
        ...this.#environment(),
        TEST_SIGNALS: this.server.signals,
        MAXQ_PORT: "0",
        MAXQ_CRASH_AT: point,
      },
    });
    const { signal } = await program.ended;
    if (signal !== "SIGKILL") throw new Error(`It was not killed: ${program.output()}`);
  }

  /** Runs another command of `maxq` with the server's settings, and answers what it printed. */
  async command(...args: readonly string[]): Promise<string> {
    const program = startProgram({
      command,
      args: [...args],
      cwd: this.directory,
      env: this.#environment(),
    });
    const { code } = await program.ended;
    if (code !== 0) throw new Error(`maxq ${args.join(" ")} ended with ${code}: ${program.output()}`);
    return program.output();
  }

  #environment(): Record<string, string> {
    const { flows = this.flows.root, env } = this.settings;
    return {
      MAXQ_FLOWS_ROOT: flows,
      MAXQ_DATA_DIR: join(this.directory, "data"),
      ...this.#database,
      ...env,
    };
  }

  /** SIGTERM; answers its exit code. */
  async stop(): Promise<number | null> {
    return (await this.#server?.stop()) ?? null;
  }

  /** The end of what the server has said, requests aside, for the report of a test that failed. */
  lastWords(): string {
    const lines = this.#server?.output.split("\n") ?? [];
    return lines
      .filter((line) => !line.includes('"msg":"request"'))
      .slice(-20)
      .join("\n");
  }

  /** Waits until a step or flow call is there and in that state. */
  stepIs(runId: string, stepId: string, status: string): Promise<void> {
    return this.server.api.stepIs(runId, stepId, status);
  }
}
