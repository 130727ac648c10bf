import type { Driver } from "../../driver.js";
import type { RunControl } from "../../store/work.js";
import type { LeaseView, WorkerStore } from "../../store/workers.js";
import { untilDue, type Look } from "../work/timers.js";

interface RenewalRow extends Look {
  /** JSON arrays, null for none. */
  readonly controls: string | null;
  readonly others: string | null;
  readonly work: boolean | number;
}

/** Renews a lease and looks around, in one statement. */
export async function renew(driver: Driver, workerKey: number): ReturnType<WorkerStore["renewLease"]> {
  const [row] = await driver.all<RenewalRow>("worker.renew", { workerKey, echo: driver.takeEcho() });
  if (row === undefined) return { reason: "lost" };
  return {
    reason: "renewed",
    controls: JSON.parse(row.controls ?? "[]") as RunControl[],
    others: JSON.parse(row.others ?? "[]") as LeaseView[],
    dueInMs: untilDue(row),
    work: Boolean(row.work),
  };
}
