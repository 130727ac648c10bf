import type { ClaimedTask, ExchangeAnswer } from "@maxq/db";

/** The smallest claim number that was seen waiting in a priority. */
export interface Floor {
  readonly priority: number;
  readonly no: number;
}

/** What the function answers. */
export interface FastAnswer extends ExchangeAnswer {
  /** Keys of outcomes that it left to the general verbs. */
  readonly left: readonly number[];
  /** Runs whose own state or stages changed. */
  readonly told: readonly string[];
  /** There is room left, and work in runs that other workers held this moment. */
  readonly passed: boolean;
  /** Work became claimable that this worker did not take, and there are others. */
  readonly more: boolean;
  /** The stage that the claim took with it is stored. */
  readonly stored: boolean;
  readonly floor: Floor | null;
}

/** `place`, and the task, as the function lists them. */
type TaskRow = readonly [
  place: number,
  key: number,
  attempt: number,
  kind: "step" | "flow",
  runId: string,
  flowName: string,
  id: string,
  name: string,
  stageName: string,
  stageKey: number | null,
  sequence: number,
  env: Readonly<Record<string, string>>,
  timeoutMs: number | null,
  completedStage: string,
  failedStage: string,
  /** Left out where it did not wait in the queue. */
  waitedMs?: number,
];

/** Lists that are empty are left out. */
type AnswerText = Partial<Omit<FastAnswer, "claimed" | "ended" | "floor">> & {
  readonly ended?: readonly string[];
  /** Of those that ended. */
  readonly failed?: readonly string[];
  readonly tasks: TaskRow[];
  readonly floor: readonly [number, number] | null;
  readonly passed: boolean;
};

/** Reads the JSON text that the function answers. */
export function readAnswer(text: string): FastAnswer {
  // Named one by one: spreading what is there over what is left out took V8 longer than reading the text.
  const answer = JSON.parse(text) as AnswerText;
  const { tasks, floor, passed, more = false, stored = false, ended = [], failed = [] } = answer;
  return {
    claimed: tasks.sort((a, b) => a[0] - b[0]).map(toTask),
    left: answer.left ?? [],
    stale: answer.stale ?? [],
    failing: answer.failing ?? [],
    told: answer.told ?? [],
    controls: answer.controls ?? [],
    ended: ended.map((runId) => ({ runId, status: failed.includes(runId) ? "failed" : "completed" })),
    more,
    stored,
    passed,
    floor: floor === null ? null : { priority: floor[0], no: floor[1] },
  };
}

/** Runs with a word on them are passed by, so no task has one. */
function toTask(row: TaskRow): ClaimedTask {
  return {
    key: row[1],
    attempt: row[2],
    kind: row[3],
    runId: row[4],
    flowName: row[5],
    id: row[6],
    name: row[7],
    stageName: row[8],
    stageKey: row[9],
    sequence: row[10],
    env: row[11],
    timeoutMs: row[12],
    completedStage: row[13],
    failedStage: row[14],
    control: null,
    waitedMs: Math.max(0, row[15] ?? 0),
  };
}
