import { aFolder, afterAllTests, nothingIsLeftOf, startProgram } from "@maxq/test-kit";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { startDatabaseProxy } from "../../proxy/proxy.js";
import { Flows } from "../../system/flows.js";
import { command, Server } from "../../system/server.js";
import { ChaosDatabase } from "./database.js";
import { makeSmallDisk, type SmallDisk } from "./small-disk.js";
import { ChaosWorker } from "./worker.js";

/** Of the workers of the site, in ms. */
export const leaseMs = 3_000;

/** A database, a server that only answers, and three workers, each with its own proxy; the last one's data directory is a small disk. */
export class Site {
  readonly workers: ChaosWorker[] = [];
  /** The last worker's. */
  readonly disk: SmallDisk;
  readonly flows: Flows;
  server!: Server;

  private constructor(
    readonly folder: string,
    readonly database: ChaosDatabase,
  ) {
    for (const name of ["locks", "w3"]) mkdirSync(join(folder, name));
    this.flows = new Flows(join(folder, "flows"));
    this.disk = makeSmallDisk(join(folder, "w3"));
  }

  static async open(): Promise<Site> {
    const site = new Site(aFolder("chaos"), await ChaosDatabase.create());
    afterAllTests(() => site.disk.remove());
    const env = site.#environment();
    site.server = await Server.start({
      directory: site.folder,
      options: ["serve", "--no-worker", "--port", "PORT"],
      env: { ...env, MAXQ_DATABASE_URL: site.database.url },
    });
    for (const name of ["w1", "w2", "w3"]) {
      const proxy = await startDatabaseProxy(site.database.url);
      const dataDir = join(site.folder, name);
      site.workers.push(new ChaosWorker({ name, dataDir, proxy, flowsRoot: site.flows.root, env }));
    }
    await Promise.all(site.workers.map((worker) => worker.start()));
    return site;
  }

  #environment(): Record<string, string> {
    return {
      MAXQ_LEASE_MS: String(leaseMs),
      MAXQ_MAX_CONCURRENT_STEPS: "4",
      MAXQ_DRAIN_MS: "1000", // shorter than some steps
      MAXQ_ABORT_GRACE_MS: "1000",
      MAXQ_FLOWS_ROOT: this.flows.root,
      MAXQ_DATA_DIR: join(this.folder, "server"),
      CHAOS_FOLDER: this.folder,
    };
  }

  /** What `maxq verify` says, and whether it is content. */
  async verify(): Promise<{ readonly clean: boolean; readonly text: string }> {
    const program = startProgram({
      command,
      args: ["verify"],
      cwd: this.folder,
      env: { ...this.#environment(), MAXQ_DATABASE_URL: this.database.url },
    });
    const { code } = await program.ended;
    return { clean: code === 0, text: program.output() };
  }

  /** SIGTERM to all. Answers what is wrong with how they ended, and what they left. */
  async stop(): Promise<string[]> {
    const wrong: string[] = [];
    const note = (name: string, what: string): void => void wrong.push(`${name}: ${what}`);
    const ended = this.workers.map(async (worker) => {
      const code = await worker.drain();
      if (code !== 0)
        note(worker.name, `SIGTERM ended it with ${code}:\n${worker.program.output().slice(-2000)}`);
      for (const { mark } of worker.programs)
        await nothingIsLeftOf(mark).catch((error: unknown) => note(worker.name, (error as Error).message));
      for (const { pid } of worker.launchersAlive()) note(worker.name, `its launcher ${pid} still lives`);
      await worker.settings.proxy.close();
    });
    await Promise.all(ended);
    this.disk.remove();
    await this.server.stop().catch((error: unknown) => note("server", String(error)));
    return wrong;
  }
}
