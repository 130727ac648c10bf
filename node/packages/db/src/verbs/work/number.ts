import type { Tx } from "../../driver.js";
import type { OpenRun } from "../run/open-run.js";

/** A row whose dependencies are met. */
export interface ReadyRow {
  readonly key: number;
  readonly kind: "step" | "flow";
  readonly priority: number;
}

/**
 * The claim numbers of `count` rows that become claimable, the first of them. Fair among runs (start-time fair queuing):
 * one more than the smallest number that waits in its priority (none waiting: the highest ever claimed), and than the run's own last one.
 * So a small run that comes later interleaves with a run of 100,000 ready steps instead of standing behind it.
 * Calls do not count towards the run's last number: a run has one at a time, and theirs run ahead where calls are claimed sooner than steps.
 */
export async function takeNumbers(
  tx: Tx,
  run: OpenRun,
  kind: "step" | "flow",
  priority: number,
  count: number,
): Promise<number> {
  const [row] = await tx.all<{ base: number }>("claim.base", { kind, priority });
  const last = kind === "step" ? run.lastNo : 0;
  const first = Math.max(row?.base ?? 0, last) + 1;
  if (kind === "step") run.lastNo = first + count - 1;
  if (kind === "step") run.hasNewSteps = true;
  else run.hasNewCalls = true;
  return first;
}

/** Makes rows claimable, in the order given. Under a word on the run they stay unnumbered: a resume numbers them. */
export async function numberRows(tx: Tx, run: OpenRun, ready: readonly ReadyRow[]): Promise<void> {
  if (ready.length === 0 || run.control !== null) return;
  const groups = new Map<string, ReadyRow[]>();
  for (const row of ready) {
    const group = `${row.kind} ${row.priority}`;
    const rows = groups.get(group);
    if (rows === undefined) groups.set(group, [row]);
    else rows.push(row);
  }
  for (const rows of groups.values()) {
    const { kind, priority } = rows[0]!;
    const first = await takeNumbers(tx, run, kind, priority, rows.length);
    await tx.run("step.number", {
      rows: JSON.stringify(rows.map((row, index) => ({ key: row.key, no: first + index }))),
    });
  }
}
