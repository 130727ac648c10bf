import type { Stage, StageStatus } from "@maxq/core";
import type { Statements } from "../../driver.js";

interface StageRow {
  readonly name: string;
  readonly status: StageStatus;
  readonly final: boolean | number;
  readonly failFast: boolean | number;
  readonly recover: boolean | number;
  readonly maxParallel: number | null;
  /** 0, or the number of the retry that made it history. */
  readonly superseded: number;
  readonly createdAt: number;
  readonly startedAt: number | null;
  readonly completedAt: number | null;
  readonly pending: number;
  readonly running: number;
  readonly completed: number;
  readonly failed: number;
  readonly cancelled: number;
  readonly aborted: number;
}

/** Stages of a run in the order in which they were scheduled, superseded ones included. */
export async function listStages(statements: Statements, runId: string): Promise<readonly Stage[]> {
  const rows = await statements.all<StageRow>("read.stages", { runId });
  return rows.map(toStage);
}

function toStage(row: StageRow): Stage {
  const { pending, running, completed, failed, cancelled, aborted, ...stage } = row;
  return {
    ...stage,
    final: Boolean(row.final),
    failFast: Boolean(row.failFast),
    recover: Boolean(row.recover),
    superseded: row.superseded > 0,
    counts: { pending, running, completed, failed, cancelled, aborted },
  };
}
