import { aFolder, nothingIsLeftOf, postgresDatabase, startProgram } from "@maxq/test-kit";
import type { Program, TestDatabase } from "@maxq/test-kit";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Api } from "../system/api.js";
import { Flows } from "../system/flows.js";
import { command, Server } from "../system/server.js";

/** A server that does not work, and workers with data directories of their own, on one PostgreSQL. */
export class Crew {
  readonly directory = aFolder("crew");
  readonly flows = new Flows(join(this.directory, "flows"));
  readonly #workers: Program[] = [];

  private constructor(
    readonly database: TestDatabase,
    private readonly env: Readonly<Record<string, string>>,
  ) {}

  server!: Server;

  /** Starts database and server. `env`: of every process, as well. */
  static async open(env: Readonly<Record<string, string>>): Promise<Crew> {
    const crew = new Crew(await postgresDatabase(), env);
    crew.server = await Server.start({
      directory: crew.directory,
      options: ["serve", "--no-worker"],
      env: crew.environment("server"),
    });
    return crew;
  }

  get api(): Api {
    return this.server.api;
  }

  /** What processes of this crew find in their environment; `place` is the name of their data directory. */
  environment(place: string): Record<string, string> {
    return {
      MAXQ_FLOWS_ROOT: this.flows.root,
      MAXQ_DATA_DIR: join(this.directory, place),
      ...this.database.environment,
      ...this.env,
      TEST_SIGNALS: join(this.directory, "signals"),
    };
  }

  /** Starts any command of `maxq`; it may not be ready yet. */
  start(place: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Program {
    const program = startProgram({
      command,
      args: [...args],
      cwd: this.directory,
      env: { ...this.environment(place), ...env },
    });
    this.#workers.push(program);
    return program;
  }

  /** A worker of so many slots that works. */
  async aWorker(slots: number, env: Readonly<Record<string, string>> = {}): Promise<Program> {
    const args = ["worker", "--max-concurrent-steps", `${slots}`];
    const worker = this.start(`worker-${this.#workers.length}`, args, env);
    await worker.waitForOutput(/works with/);
    return worker;
  }

  /** SIGSTOP to the engines of all workers; answers them. */
  stopAll(): readonly Program[] {
    const running = this.#workers.filter((worker) => worker.isRunning());
    for (const worker of running) worker.kill("SIGSTOP");
    return running;
  }

  /** Whether scripts have left these files. */
  signed(...names: readonly string[]): boolean {
    return names.every((name) => existsSync(this.sign(name)));
  }

  sign(name: string): string {
    return join(this.directory, "signals", name);
  }

  /** Names of the files that scripts have left, in order. */
  signs(): string[] {
    return readdirSync(join(this.directory, "signals")).sort();
  }

  async close(): Promise<void> {
    for (const worker of this.#workers) {
      worker.kill("SIGCONT");
      if (worker.isRunning()) await worker.stop();
      await nothingIsLeftOf(worker.mark);
    }
    await this.server.stop();
    await this.database.drop();
  }
}

/** SIGKILL to an engine and to its launcher, so that neither can do anything for the other. */
export function killWorker(worker: Program): void {
  const launchers = readdirSync("/proc").filter((pid) => {
    const stat = read(`/proc/${pid}/stat`);
    return new RegExp(`\\(maxq-launcher\\) [RSD] ${worker.pid} `).test(stat); // it may be at work
  });
  worker.kill("SIGSTOP");
  for (const pid of launchers) process.kill(Number(pid), "SIGKILL");
  worker.kill("SIGKILL");
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
