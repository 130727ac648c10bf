import { until } from "@maxq/test-kit";
import { setTimeout as delay } from "node:timers/promises";
import type { Site } from "../site/site.js";
import type { ChaosWorker } from "../site/worker.js";
import type { FaultKind, FaultPlan } from "./plan.js";

/** Does it, and makes good what MaxQ cannot: resolves when it is over. Answers false if there was nothing to do it to. */
type Fault = (site: Site, plan: FaultPlan, worker: ChaosWorker) => Promise<boolean>;

/** So many ms without such a statement, and any will do. */
const cutPatienceMs = 10_000;

/** The statements of the dispatch loop that commit: the exchange itself, and whole transactions. */
const commits = (statement: string): boolean => /^commit\b/i.test(statement) || /exchange/i.test(statement);

/** What each kind of fault is. */
export const faults: Readonly<Record<FaultKind, Fault>> = {
  "kill engine": async (_, { forMs }, worker) => {
    await worker.killEngine();
    return comesBack(worker, forMs);
  },
  "kill launcher": (_, __, worker) => Promise.resolve(worker.killLauncher()),
  "kill both": async (_, { forMs }, worker) => {
    worker.program.kill("SIGSTOP"); // or it would clear up after its launcher
    worker.killLauncher();
    await worker.killEngine();
    return comesBack(worker, forMs);
  },
  "stop and start again": async (_, { forMs }, worker) => {
    await worker.drain();
    return comesBack(worker, forMs);
  },
  "stop past the lease": async (_, { forMs }, worker) => {
    worker.program.kill("SIGSTOP");
    await delay(forMs);
    worker.program.kill("SIGCONT");
    return true;
  },
  "restart database": async (site) => {
    await site.database.restart();
    return true;
  },
  "terminate backends": async (site) =>
    until("there are backends", async () => (await site.database.terminateBackends()) > 0),
  "drop connections": async (_, __, { settings: { proxy } }) => {
    await until("there are connections", () => proxy.connections > 0);
    proxy.drop();
    return true;
  },
  "stall connections": async (_, { forMs }, { settings: { proxy } }) => {
    proxy.stall();
    await delay(forMs);
    proxy.serve();
    return true;
  },
  "cut after commit": async (_, { nth }, { settings: { proxy } }) => {
    let patient = true;
    const cut = proxy.cutReply(nth, (statement) => !patient || commits(statement));
    const impatient = setTimeout(() => (patient = false), cutPatienceMs);
    await cut;
    clearTimeout(impatient);
    return true;
  },
  "fill the disk": async (site, { forMs }, worker) => {
    site.disk.fill([worker.program.pid]);
    await delay(forMs);
    site.disk.empty();
    return true;
  },
  "jump the clock": async (site, { forMs, clockMs }) => {
    await site.database.turnClock(clockMs);
    await delay(forMs);
    await site.database.turnClock(0);
    return true;
  },
};

async function comesBack(worker: ChaosWorker, afterMs: number): Promise<boolean> {
  await delay(afterMs);
  await worker.start();
  return true;
}
