import { aFolder, nothingIsLeftOf, postgresDatabase, startProgram, until } from "@maxq/test-kit";
import type { Program, TestDatabase } from "@maxq/test-kit";
import { expect } from "chai";
import { join } from "node:path";
import { startDatabaseProxy, type DatabaseProxy } from "../proxy/proxy.js";
import type { Api } from "../system/api.js";
import { Flows } from "../system/flows.js";
import { command, Server } from "../system/server.js";
import { begun, overlaps, sightings } from "./witness.js";

/** How a worker is started. */
export interface WorkerHow {
  /** The database's; by default the proxy's. */
  readonly url?: string;
  /** Added to the site's. */
  readonly env?: Readonly<Record<string, string>>;
}

/** A server beside workers, each of which reaches PostgreSQL as it is told: directly, or through a proxy that breaks. */
export class FaultSite {
  readonly directory = aFolder("faults");
  readonly flows = new Flows(join(this.directory, "flows"));
  readonly #workers: Program[] = [];

  private constructor(
    readonly database: TestDatabase,
    readonly proxy: DatabaseProxy,
    /** In the environment of every process. */
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  server!: Server;

  /** Starts database, proxy and server; no worker. `serverBehindProxy`: the server, too, reaches the database through it. */
  static async open(env: Readonly<Record<string, string>>, serverBehindProxy = false): Promise<FaultSite> {
    const database = await postgresDatabase();
    const proxy = await startDatabaseProxy(database.environment["MAXQ_DATABASE_URL"]!);
    const site = new FaultSite(database, proxy, env);
    site.server = await Server.start({
      directory: site.directory,
      options: ["serve", "--no-worker"],
      env: site.#environment(serverBehindProxy ? proxy.url : site.databaseUrl, "server"),
    });
    return site;
  }

  get databaseUrl(): string {
    return this.database.environment["MAXQ_DATABASE_URL"]!;
  }

  get api(): Api {
    return this.server.api;
  }

  get signals(): string {
    return this.server.signals;
  }

  /** Starts `maxq worker`; by default it reaches the database through the proxy. It may not be ready yet: see `ready`. */
  startWorker({ url = this.proxy.url, env = {} }: WorkerHow = {}): Program {
    const worker = startProgram({
      command,
      args: ["worker"],
      cwd: this.directory,
      env: { ...this.#environment(url, "worker"), TEST_SIGNALS: this.signals, ...env },
    });
    this.#workers.push(worker);
    return worker;
  }

  /** A worker that works. */
  async aWorker(how: WorkerHow = {}): Promise<Program> {
    const worker = this.startWorker(how);
    await worker.waitForOutput(/works with/);
    return worker;
  }

  /** What a run began is what it should, and no two scripts of one step lived at a time. */
  expectOnce(runId: string, expected: readonly string[]): void {
    const all = sightings(this.signals);
    expect(begun(all, runId)).to.deep.equal(expected);
    expect(overlaps(all)).to.deep.equal([]);
  }

  /** `maxq verify` finds nothing. */
  async expectWhole(): Promise<void> {
    const program = startProgram({
      command,
      args: ["verify"],
      cwd: this.directory,
      env: this.#environment(this.databaseUrl, "server"),
    });
    const { code } = await program.ended;
    expect(code, program.output()).to.equal(0);
  }

  /** The end of what everybody said, for the report of a test that failed. */
  lastWords(): string {
    return [this.server.output, ...this.#workers.map((worker) => worker.output())]
      .map((output) =>
        output
          .split("\n")
          .filter((line) => !line.includes('"msg":"request"'))
          .slice(-25)
          .join("\n"),
      )
      .join("\n—\n");
  }

  async close(): Promise<void> {
    this.proxy.serve();
    for (const worker of this.#workers) {
      if (worker.isRunning()) await worker.stop();
      await nothingIsLeftOf(worker.mark);
    }
    await this.server.stop();
    await until("the proxy has no connection", () => this.proxy.connections === 0);
    await this.proxy.close();
    await this.database.drop();
  }

  #environment(url: string, place: string): Record<string, string> {
    return {
      MAXQ_FLOWS_ROOT: this.flows.root,
      MAXQ_DATA_DIR: join(this.directory, place),
      MAXQ_DATABASE_URL: url,
      ...this.env,
    };
  }
}
