import type { ChaosDatabase } from "../site/database.js";

/** A step, or flow call, as the database has it. */
export interface StepRow {
  readonly runId: string;
  readonly kind: "step" | "flow";
  readonly id: string;
  readonly stage: string | null;
  readonly status: string;
  readonly attempt: number;
  readonly losses: number;
  readonly error: string | null;
}

export interface RunRow {
  readonly id: string;
  readonly status: string;
  readonly error: string | null;
  readonly steps: StepRow[];
}

/** All runs with their steps, by id. */
export async function readRuns(database: ChaosDatabase): Promise<Map<string, RunRow>> {
  const runs = await database.query<Omit<RunRow, "steps">>(
    "select id, status, error from run join run_detail on run_id = id",
  );
  const byId = new Map(runs.map((run) => [run.id, { ...run, steps: [] as StepRow[] }]));
  const steps = await database.query<StepRow>(
    `select s.run_id as "runId", s.kind, s.id, g.name as stage, s.status, s.attempt, s.losses, s.error
       from step s left join stage g on g.key = s.stage_key order by s.key`,
  );
  for (const step of steps) byId.get(step.runId)?.steps.push(step);
  return byId;
}

/** How many attempts were lost with their worker. */
export async function countLostAttempts(database: ChaosDatabase): Promise<number> {
  const [row] = await database.query<{ count: string }>(
    "select count(*) from attempt where reason = 'worker_lost'",
  );
  return Number(row!.count);
}
