import { join } from "node:path";
import { eventually } from "./api.js";
import { Flows } from "./flows.js";
import { Server } from "./server.js";

export interface SystemSettings {
  /** The flows root; without it, an empty one that the tests fill through `system.flows`. */
  readonly flows?: string;
  readonly options?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A server on a database of its own, for the tests of one suite. */
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
    if (this.#server === null) throw new Error("The server is not running");
    return this.#server;
  }

  async start(database: Readonly<Record<string, string>>): Promise<void> {
    this.#database = database;
    await this.restart();
  }

  /** Starts a server on the same database and folders as before. The old one must have ended. */
  async restart(): Promise<void> {
    this.#server = await Server.start({
      flows: this.flows.root,
      ...this.settings,
      database: this.#database,
      directory: this.directory,
    });
  }

  /** SIGTERM, and its end. */
  async stop(): Promise<void> {
    await this.#server?.stop();
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
  async stepIs(runId: string, stepId: string, status: string): Promise<void> {
    await eventually(`step ${stepId} of run ${runId} to be ${status}`, async () => {
      const { body } = await this.server.api.get(`/runs/${runId}/steps/${stepId}`);
      return body.status === status ? true : null;
    });
  }
}
