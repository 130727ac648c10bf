import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { DatabaseUnavailable, type Store } from "@maxq/db";
import { expect } from "chai";
import { startTime } from "../../src/host/process-identity.js";
import { Site } from "./site.js";

const waits = 'echo $$ > "$SITE/up.$MAXQ_ATTEMPT"; until [ -e "$SITE/go" ]; do sleep 0.01; done';

describe("loss", () => {
  it("a worker killed with SIGKILL is rescued at once by the next on its host", async () => {
    const root = mkdtempSync(join(tmpdir(), "maxq-scheduler-"));
    new Site({ root }).oneStage("killed", { steps: [{ id: "a", name: "waits" }] }, { waits });
    const child = aWorkerProcess(root, "killed");
    const [printed] = (await once(child.stdout!, "data")) as [Buffer];
    const runId = printed.toString().trim();
    const first = Number(await new Site({ root }).written("up.1"));
    child.kill("SIGKILL");
    await once(child, "exit");

    const site = await Site.open({ root });
    try {
      await site.worker.start();
      await site.written("up.2");
      expect(() => process.kill(first, 0)).to.throw("ESRCH");
      site.touch("go");
      expect((await site.over(runId)).status).to.equal("completed");
      const step = await site.store.getStep(runId, "a");
      expect(step?.attempts.map(({ reason }) => reason)).to.deep.equal(["worker_lost", null]);
    } finally {
      await site.close();
      rmSync(root, { recursive: true });
    }
  });

  it("of a worker and its launcher, seen by another of their host: what scripts had forked is dead before they start again", async () => {
    const root = mkdtempSync(join(tmpdir(), "maxq-scheduler-"));
    const forks = `setsid sleep 1000 & echo $! > "$SITE/forked.$MAXQ_ATTEMPT"; ${waits}`;
    new Site({ root }).oneStage("forks", { steps: [{ id: "a", name: "forks" }] }, { forks });
    const child = aWorkerProcess(root, "forks");
    const [printed] = (await once(child.stdout!, "data")) as [Buffer];
    const first = Number(await new Site({ root }).written("up.1"));
    const forked = Number(await new Site({ root }).written("forked.1"));
    const site = await Site.open({ root, alongside: true, settings: { leaseMs: 3000 } });
    try {
      await site.worker.start();
      child.kill("SIGSTOP"); // or it would clear up after its launcher
      for (const pid of childrenOf(child.pid!)) process.kill(pid, "SIGKILL");
      child.kill("SIGKILL");
      await site.written("up.2");
      expect([first, forked].map(startTime)).to.deep.equal([null, null]);
      site.touch("go");
      expect((await site.over(printed.toString().trim())).status).to.equal("completed");
    } finally {
      child.kill("SIGKILL");
      await site.close();
      rmSync(root, { recursive: true });
    }
  });

  describe("of the registration", () => {
    let site: Site;
    before(async () => {
      site = await Site.open({ settings: { leaseMs: 6000 } });
      await site.worker.start();
    });
    after(() => site.close());

    it("kills what runs, registers anew, and starts it again", async () => {
      site.oneStage("taken", { steps: [{ id: "a", name: "waits" }] }, { waits });
      const runId = await site.trigger("taken");
      const first = Number(await site.written("up.1"));
      const { workerKey } = site.worker.status();
      const lease = (await site.store.listLeases(null)).find((view) => view.workerKey === workerKey)!;
      expect(await site.store.rescueWorker(workerKey!, lease.renewals)).to.be.a("number");
      await site.written("up.2");
      expect(() => process.kill(first, 0)).to.throw("ESRCH");
      expect(site.worker.status().workerKey).not.to.equal(workerKey);
      site.touch("go");
      expect((await site.over(runId)).status).to.equal("completed");
      expect((await site.steps(runId))[0]).to.deep.include({ status: "completed", attempt: 2 });
    });
  });

  describe("of the database", () => {
    let site: Site;
    let away = false;
    const calls: string[] = [];
    before(async () => {
      site = await Site.open({
        settings: { leaseMs: 30_000 },
        through: (store) => flaky(store, () => away, calls),
      });
      await site.worker.start();
    });
    after(() => site.close());

    it("holds what ended, records it once the database is back, and kills nothing in a short outage", async () => {
      site.oneStage(
        "outage",
        {
          steps: [
            { id: "a", name: "waits" },
            { id: "b", name: "quick", dependsOn: ["a"] },
          ],
        },
        { waits, quick: "exit 0" },
      );
      const runId = await site.trigger("outage");
      await site.written("up.1");
      away = true;
      site.touch("go");
      await site.until("the outcome is held", () => (site.worker.status().unrecorded > 0 ? true : null));
      await site.until("it was tried again", () =>
        calls.filter((call) => call === "ownedTasks").length > 3 ? true : null,
      );
      expect((await site.steps(runId))[0]?.status).to.equal("running");
      away = false;
      expect((await site.over(runId)).status).to.equal("completed");
      expect((await site.steps(runId))[0]).to.deep.include({ status: "completed", attempt: 1 });
    });
  });
});

function aWorkerProcess(root: string, flowName: string): ChildProcess {
  const program = fileURLToPath(new URL("worker-process.ts", import.meta.url));
  return spawn(process.execPath, ["--import=tsx", "--conditions=source", program, root, flowName], {
    stdio: ["ignore", "pipe", "inherit"],
  });
}

function childrenOf(parent: number): number[] {
  return readdirSync("/proc")
    .map(Number)
    .filter((pid) => pid > 0 && parentOf(pid) === parent);
}

function parentOf(pid: number): number | null {
  try {
    return Number(/^PPid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "latin1"))![1]);
  } catch {
    return null;
  }
}

/** The store, with the worker's calls failing while `away`. */
function flaky(store: Store, away: () => boolean, calls: string[]): Store {
  const watched = new Set(["exchange", "ownedTasks", "renewLease", "runTimers", "listLeases"]);
  return new Proxy(store, {
    get(target, name: string) {
      const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      if (!watched.has(name)) return method.bind(target);
      return (...args: unknown[]) => {
        calls.push(name);
        return away() ? Promise.reject(new DatabaseUnavailable("gone for a test")) : method(...args);
      };
    },
  });
}
