import { aFolder, startProgram, type Program } from "@maxq/test-kit";
import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { DatabaseProxy } from "../../proxy/proxy.js";
import { command } from "../../system/server.js";

export interface WorkerSettings {
  readonly name: string;
  readonly dataDir: string;
  readonly proxy: DatabaseProxy;
  readonly flowsRoot: string;
  readonly env: Readonly<Record<string, string>>;
}

/** A launcher that this worker has had. */
export interface LauncherProcess {
  readonly pid: number;
  readonly startTicks: string;
}

const patienceMs = 60_000;

/** A `maxq worker` that dies and comes back, with a data directory and a way to the database of its own. */
export class ChaosWorker {
  /** Every process that it has been, the last one last. */
  readonly programs: Program[] = [];
  readonly launchers: LauncherProcess[] = [];
  /** What it said before it ended without being asked to. */
  readonly endedAlone: string[] = [];
  #wanted = false;

  constructor(readonly settings: WorkerSettings) {}

  get name(): string {
    return this.settings.name;
  }

  get program(): Program {
    return this.programs.at(-1)!;
  }

  /** Starts it, again and again while the database is away, and waits until it works. */
  async start(): Promise<void> {
    const limit = performance.now() + patienceMs;
    for (;;) {
      const program = this.#spawn();
      const works = await program.waitForOutput(/works with/, patienceMs).catch(() => null);
      if (works !== null) {
        this.#wanted = true;
        this.#noteLauncher();
        return;
      }
      if (performance.now() > limit)
        throw new Error(`Worker ${this.name} does not start. It says:\n${program.output()}`);
      await delay(200);
    }
  }

  #spawn(): Program {
    const { dataDir, flowsRoot, env, proxy, name } = this.settings;
    const program = startProgram({
      command,
      args: ["worker", "--data-dir", dataDir, "--flows", flowsRoot],
      cwd: aFolder("worker"),
      env: { ...env, MAXQ_DATABASE_URL: proxy.url, CHAOS_WORKER: name },
    });
    this.programs.push(program);
    void program.ended.then(({ code, signal }) => {
      if (!this.#wanted || this.program !== program) return;
      this.endedAlone.push(`exit code ${code}, signal ${signal}:\n${program.output().slice(-3000)}`);
      void this.start().catch(() => undefined); // as a supervisor would
    });
    return program;
  }

  /** SIGKILL to the engine; whatever it leaves is MaxQ's business. */
  async killEngine(): Promise<void> {
    this.#wanted = false;
    const { program } = this;
    this.#noteLauncher();
    program.kill("SIGKILL");
    while (program.isRunning()) await delay(5);
  }

  /** SIGKILL to its launcher. False if none was found: it is just being replaced. */
  killLauncher(): boolean {
    const launcher = this.#noteLauncher();
    if (launcher === null) return false;
    process.kill(launcher.pid, "SIGKILL");
    return true;
  }

  /** SIGTERM, and the end of it. Answers the exit code. */
  async drain(): Promise<number | null> {
    this.#wanted = false;
    return (await this.program.stop("SIGTERM")).code;
  }

  /** How many scripts its engines say that they took over from those before them. */
  countAdopted(): number {
    return this.programs
      .flatMap((program) => [...program.output().matchAll(/"adopted":(\d+)/g)])
      .reduce((sum, [, count]) => sum + Number(count), 0);
  }

  launchersAlive(): LauncherProcess[] {
    return this.launchers.filter(({ pid, startTicks }) => statOf(pid)?.startTicks === startTicks);
  }

  /** The launcher that works now: a child of the engine, or one of an earlier engine. */
  #noteLauncher(): LauncherProcess | null {
    for (const name of readdirSync("/proc").filter((each) => /^\d+$/.test(each))) {
      const stat = statOf(Number(name));
      if (stat?.parent !== this.program.pid || !stat.name.startsWith("maxq-launcher")) continue;
      const found = { pid: Number(name), startTicks: stat.startTicks };
      if (!this.launchers.some(({ startTicks }) => startTicks === found.startTicks))
        this.launchers.push(found);
      return found;
    }
    return this.launchersAlive().at(-1) ?? null;
  }
}

function statOf(pid: number): { name: string; parent: number; startTicks: string } | null {
  try {
    const [, name, rest] = /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, "utf8"))!;
    const fields = rest!.split(" ");
    if (fields[0] === "Z" || fields[0] === "X") return null;
    return { name: name!, parent: Number(fields[1]), startTicks: fields[19]! };
  } catch {
    return null; // it ended meanwhile
  }
}
