import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
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
  /** Replaced by `restart`. */
  server!: Server;
  readonly flows: Flows;

  constructor(
    private readonly settings: SystemSettings,
    private readonly database: Readonly<Record<string, string>>,
    private readonly directory: string,
  ) {
    this.flows = new Flows(join(directory, "flows"));
  }

  /** Starts the server, again on the same database and folders. */
  async restart(): Promise<void> {
    this.server = await Server.start({
      flows: this.flows.root,
      ...this.settings,
      database: this.database,
      directory: this.directory,
    });
  }

  /** Waits until a step or flow call is there and in that state. */
  async stepIs(runId: string, stepId: string, status: string): Promise<void> {
    await eventually(`step ${stepId} of run ${runId} to be ${status}`, async () => {
      const { body } = await this.server.api.get(`/runs/${runId}/steps/${stepId}`);
      return body.status === status ? true : null;
    });
  }
}
