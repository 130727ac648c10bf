import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { defaultLimits, type Json, type Run, type ScriptRunner } from "@maxq/core";
import { createStore, type LeaseView, type Store } from "@maxq/db";
import { migrateSqlite, openSqliteDriver, openSqliteStore } from "@maxq/db-sqlite";
import { createScriptRunner, FlowDirectory, killRemains, ownerMark, parseOutputFields } from "@maxq/executor";
import {
  createWorker,
  ownIdentity,
  type Worker,
  type RenewedLease,
  type WorkerHooks,
  type WorkerSettings,
} from "../../src/index.js";
import type { WorkerLogger } from "../../src/logger.js";
import { silentLogger } from "../fakes/silent-logger.js";

const settings: WorkerSettings = {
  slots: { steps: 10, calls: 10, batch: 10 },
  leaseMs: 30_000,
  pollMs: 200,
  graceMs: 5000,
  logCapBytes: 8192,
  limits: defaultLimits,
};

/** How a site differs from the usual. */
export interface SiteOptions {
  /** An existing site's directory; then closing this one leaves it there. */
  readonly root?: string;
  readonly settings?: Partial<WorkerSettings>;
  readonly hooks?: WorkerHooks;
  readonly logger?: WorkerLogger;
  /** Beside a process that has the database, which SQLite's lock would forbid: as workers share one elsewhere. */
  readonly alongside?: boolean;
  /** The launcher gets the deadlines, as in a server. */
  readonly fenced?: boolean;
  /** Wraps the store that the worker sees. */
  readonly through?: (store: Store) => Store;
}

/** A flows root, a database and a worker over them, in a directory of its own. */
export class Site {
  readonly root: string;
  store!: Store;
  runner!: ScriptRunner;
  worker!: Worker;
  readonly #options: SiteOptions;

  constructor(options: SiteOptions) {
    this.#options = options;
    this.root = options.root ?? mkdtempSync(join(tmpdir(), "maxq-scheduler-"));
  }

  static async open(options: SiteOptions = {}): Promise<Site> {
    const site = new Site(options);
    const file = join(site.root, "maxq.db");
    mkdirSync(join(site.root, "flows"), { recursive: true });
    if (options.alongside === true) site.store = createStore(await openSqliteDriver({ file }));
    else {
      await migrateSqlite({ file });
      site.store = await openSqliteStore({ file });
    }
    site.runner = await site.makeRunner(`work-${process.pid}`);
    site.worker = site.makeWorker();
    return site;
  }

  makeRunner(workDir: string): Promise<ScriptRunner> {
    return createScriptRunner({
      flowsRoot: join(this.root, "flows"),
      workDir: join(this.root, workDir),
      mark: ownerMark(ownIdentity()),
      baseEnv: {
        PATH: process.env["PATH"],
        HOME: "/",
        SHELL: "/bin/sh",
        SITE: this.root,
      },
      maxFlowOutput: 1024 * 1024,
      loadInput: async (runId) => (await this.store.runInput(runId)) ?? "null",
    });
  }

  /** A worker like this site's; one that was stopped cannot be started again. */
  makeWorker(): Worker {
    const { hooks = {}, logger = silentLogger, through = (store: Store) => store } = this.#options;
    const clearRemains = async (dead: LeaseView): Promise<void> => {
      await killRemains(dead.mark);
    };
    return createWorker({
      identity: { ...ownIdentity(), id: "test/1", role: "all", version: "0" },
      ports: {
        store: through(this.store),
        runner: this.runner,
        flows: new FlowDirectory(join(this.root, "flows")),
        logger,
        issueAccess: () => ({ api: "http://127.0.0.1:1", apiKey: "none" }),
        readFields: (text) => parseOutputFields(text, defaultLimits),
      },
      settings: { ...settings, ...this.#options.settings },
      hooks: { clearRemains, ...(this.#options.fenced === true ? this.#fencing(hooks) : hooks) },
    });
  }

  #fencing(hooks: WorkerHooks): WorkerHooks {
    const onLeaseRenewed = (lease: RenewedLease): void => {
      this.runner.setDeadline(lease.mayRunMs);
      hooks.onLeaseRenewed?.(lease);
    };
    return { ...hooks, onLeaseRenewed };
  }

  /** A flow whose flow.sh is this text, with these steps; bash without its head line. */
  flow(name: string, flowScript: string, steps: Readonly<Record<string, string>> = {}): void {
    this.#script(join("flows", name, "flow.sh"), flowScript);
    for (const [step, text] of Object.entries(steps))
      this.#script(join("flows", name, "steps", step, "step.sh"), text);
  }

  /** A flow with one stage, which is the final one. */
  oneStage(
    name: string,
    document: { readonly steps: readonly object[] } & object,
    steps: Readonly<Record<string, string>>,
  ): void {
    const json = JSON.stringify({ stage: "only", final: true, ...document });
    this.flow(name, `cat <<'END'\n${json}\nEND`, steps);
  }

  async trigger(flowName: string, input: Json = null): Promise<string> {
    const made = await this.store.createRun({
      flowName,
      flowTitle: null,
      input,
      metadata: {},
      priority: 0,
      timeoutMs: null,
      name: null,
      description: null,
      parentRunId: null,
      idempotency: null,
    });
    if (made.reason === "refused") throw new Error(made.problem.message);
    return made.run.id;
  }

  /** The run once it is over. */
  async over(runId: string): Promise<Run> {
    return this.until(`run ${runId} is over`, async () => {
      const run = await this.store.getRun(runId);
      return run?.completedAt == null ? null : run;
    });
  }

  async run(flowName: string, input: Json = null): Promise<Run> {
    return this.over(await this.trigger(flowName, input));
  }

  async steps(runId: string) {
    return (await this.store.listSteps(runId, {}, { limit: 1000, offset: 0, cursor: null })).data;
  }

  /** Asks again with every wake-up of the store, and every 20 ms, until there is an answer. */
  async until<T>(what: string, ask: () => Promise<T | null> | T | null): Promise<T> {
    const deadline = Date.now() + 60_000;
    for (;;) {
      const answer = await ask();
      if (answer !== null) return answer;
      if (Date.now() > deadline) throw new Error(`${what}: not within a minute`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  /** The text of a file that a script writes below the site's root, once it ends with a line break. */
  written(name: string): Promise<string> {
    const path = join(this.root, name);
    return this.until(`${name} is written`, () => {
      const text = existsSync(path) ? readFileSync(path, "utf8") : "";
      return text.endsWith("\n") ? text : null;
    });
  }

  read(name: string): string {
    return readFileSync(join(this.root, name), "utf8");
  }

  has(name: string): boolean {
    return existsSync(join(this.root, name));
  }

  write(name: string, text: string): void {
    writeFileSync(join(this.root, name), text);
  }

  /** Lets scripts go on that wait for this file. */
  touch(name: string): void {
    this.write(name, "");
  }

  async close(): Promise<void> {
    await this.worker.stop({ drainMs: 0, graceMs: 0 });
    await this.runner.close();
    await this.store.close();
    if (this.#options.root === undefined) rmSync(this.root, { recursive: true, force: true });
  }

  #script(name: string, text: string): void {
    const path = join(this.root, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `#!/bin/bash\n${text}\n`);
    chmodSync(path, 0o755);
  }
}
