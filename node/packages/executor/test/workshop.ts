import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ScriptProcess, ScriptRunner, ScriptStart } from "@maxq/core";
import { expect } from "chai";
import { createScriptRunner, type ScriptRunnerOptions } from "../src/index.js";
import { processesWith, until } from "./processes.js";
import { aFlowCall, aStep } from "./start.js";

type Kind = "native" | "node";
const here = dirname(fileURLToPath(import.meta.url));

/** A flows root with one flow, `f`, and a runner on it. Closing it fails on a leaked process or file. */
export class Workshop {
  readonly root = mkdtempSync(join(tmpdir(), "maxq-executor-"));
  flowName = "f";
  readonly workDir = join(this.root, "work");
  readonly #mark = `EXECUTOR_TEST=${this.root}`;
  runner!: ScriptRunner;
  #flows = 0;

  get flow(): string {
    return join(this.root, "flows", this.flowName);
  }

  /** Another flow, so that a test meets nothing of the one before it. */
  anotherFlow(): void {
    this.flowName = `f${++this.#flows}`;
    this.flowScript("exit 0");
  }

  static async open(launcher: Kind, options: Partial<ScriptRunnerOptions> = {}): Promise<Workshop> {
    const workshop = new Workshop();
    workshop.flowScript("exit 0");
    workshop.runner = await createScriptRunner({
      flowsRoot: join(workshop.root, "flows"),
      workDir: workshop.workDir,
      loadInput: () => Promise.resolve("{}"),
      launcher,
      ...options,
      baseEnv: { ...(options.baseEnv ?? { PATH: process.env["PATH"] }), EXECUTOR_TEST: workshop.root },
    }).catch((error: unknown) => {
      rmSync(workshop.root, { recursive: true });
      throw error;
    });
    return workshop;
  }

  /** Writes a step's script: bash, unless it names its interpreter itself. */
  script(stepName: string, text: string, mode = 0o755): string {
    return this.#write(`steps/${stepName}/step.sh`, text, mode);
  }

  flowScript(text: string): string {
    return this.#write("flow.sh", text, 0o755);
  }

  /** Takes a script of `test/scripts` as the step of the same name. */
  tiny(name: string): void {
    this.script(name, readFileSync(join(here, "scripts", `${name}.sh`), "utf8"));
  }

  start(stepName: string, differences: Partial<ScriptStart> = {}): ScriptProcess {
    return this.runner.start(aStep({ flowName: this.flowName, stepName, ...differences }));
  }

  call(differences: Partial<ScriptStart> = {}): ScriptProcess {
    return this.runner.start(aFlowCall({ flowName: this.flowName, ...differences }));
  }

  file(name: string): string {
    return join(this.root, name);
  }

  /** The numbers in a file that a script writes, once it has. */
  async pidsIn(name: string): Promise<number[]> {
    const path = this.file(name);
    await until(`${name} is written`, () => existsSync(path) && readFileSync(path, "utf8").endsWith("\n"));
    return readFileSync(path, "utf8").trim().split(/\s+/).map(Number);
  }

  fifo(name: string): string {
    execFileSync("mkfifo", [this.file(name)]);
    return this.file(name);
  }

  async close(): Promise<void> {
    await this.runner.close();
    const files = readdirSync(this.workDir);
    const processes = processesWith(this.#mark);
    for (const pid of processes) process.kill(pid, "SIGKILL");
    rmSync(this.root, { recursive: true });
    expect(files, "files left in the work directory").to.deep.equal([]);
    expect(processes, "processes left").to.deep.equal([]);
  }

  #write(name: string, text: string, mode: number): string {
    const path = join(this.flow, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, /^(#!|\n)/.test(text) ? text.replace(/^\n/, "") : `#!/bin/bash\n${text}\n`);
    chmodSync(path, mode);
    return path;
  }
}

/** Runs the same tests on both launchers, all tests of a block in one workshop: a Node launcher is slow to start. */
export function onBothLaunchers(title: string, tests: (workshop: () => Workshop, kind: Kind) => void): void {
  for (const kind of ["native", "node"] as const) {
    describe(`${title} (${kind} launcher)`, () => {
      let workshop: Workshop;
      before(async () => {
        workshop = await Workshop.open(kind);
      });
      beforeEach(() => workshop.anotherFlow());
      after(() => workshop.close());
      tests(() => workshop, kind);
    });
  }
}

/** Runs tests on the native launcher, each in a workshop of its own. */
export function onNativeLauncher(title: string, tests: (workshop: () => Workshop) => void): void {
  describe(title, () => {
    let workshop: Workshop;
    beforeEach(async () => {
      workshop = await Workshop.open("native");
    });
    afterEach(() => workshop.close());
    tests(() => workshop);
  });
}

/** Resolves when the script has printed `text`. */
export function printed(script: ScriptProcess, text: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let all = "";
    const stop = script.follow((_stream, chunk) => {
      all += chunk.toString("latin1");
      if (!all.includes(text)) return;
      stop?.();
      resolve();
    });
    void script.ended.then((end) =>
      reject(new Error(`it ended without printing "${text}": ${JSON.stringify(end)}`)),
    );
  });
}
