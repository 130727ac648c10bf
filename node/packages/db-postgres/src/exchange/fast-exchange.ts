import {
  fieldRows,
  plainText,
  toTask,
  type ExchangeRequest,
  type FastExchange,
  type TaskRow,
  type WakeUp,
} from "@maxq/db";
import type { PostgresDriver } from "../driver/driver.js";

/** The one row that the function answers; lists are JSON text, null where there is nothing. */
interface ExchangeRow {
  readonly tasks: string | null;
  readonly left: string | null;
  readonly stale: string | null;
  readonly controls: string | null;
  readonly failing: string | null;
  readonly changed: string | null;
  readonly numbered: number;
  readonly workers: number;
  /** There is room left, and work in runs that other workers held this moment. */
  readonly passed: boolean;
}

type Outcome = ExchangeRequest["outcomes"][number];

/** Plain successes and claims in one statement, on the connection that is planned for it. */
export function createFastExchange(driver: PostgresDriver): FastExchange {
  const exchange = async (request: ExchangeRequest): ReturnType<FastExchange> => {
    const [row] = await driver.hot.all<ExchangeRow>("exchange.exchange", parameters(request));
    const { tasks, left, stale, controls, failing, changed, numbered, workers, passed } = row!;
    tell(driver, list(changed), numbered > 0, workers > 1);
    const remaining = new Set(list<number>(left));
    return {
      answer: {
        claimed: list<TaskRow>(tasks).map(toTask),
        stale: list(stale),
        controls: list(controls),
        failing: list(failing),
        ended: [],
      },
      left: request.outcomes.filter((outcome) => remaining.has(outcome.key)),
      passed,
    };
  };
  return Object.assign(exchange, { accepts });
}

function list<T>(json: string | null): T[] {
  return json === null ? [] : (JSON.parse(json) as T[]);
}

/** A step that exited 0 and left nothing for the log. Whether it ends its stage, the statement finds out. */
function accepts(outcome: Outcome): boolean {
  return (
    outcome.kind === "step" &&
    outcome.result === "success" &&
    outcome.stageKey !== null &&
    outcome.warnings.length === 0
  );
}

function parameters(request: ExchangeRequest): Record<string, string | number | string[] | number[] | null> {
  const { outcomes } = request;
  const outputs = outcomes.flatMap(({ key, output }) =>
    output === null
      ? []
      : [{ ...output, key, stdout: plainText(output.stdout), stderr: plainText(output.stderr) }],
  );
  const fields = outcomes.flatMap(({ key, fields }) =>
    fieldRows(fields ?? {}).map((row) => ({ key, ...row })),
  );
  return {
    workerKey: request.workerKey,
    round: request.round,
    keys: outcomes.map((outcome) => outcome.key),
    attempts: outcomes.map((outcome) => outcome.attempt),
    stages: outcomes.map((outcome) => outcome.stageKey!),
    durations: outcomes.map((outcome) => Math.round(outcome.durationMs)),
    cpu: outcomes.map((outcome) => outcome.cpuMs) as number[],
    rss: outcomes.map((outcome) => outcome.maxRssBytes) as number[],
    runIds: [...new Set(outcomes.map((outcome) => outcome.runId))],
    outputs: outputs.length === 0 ? null : JSON.stringify(outputs),
    fields: fields.length === 0 ? null : JSON.stringify(fields),
    freeSteps: request.freeSteps,
    aheadSteps: request.aheadSteps,
    freeCalls: request.freeCalls,
  };
}

/** This process is told of runs that changed. Other workers are told of work that this one did not take, if there are any. */
function tell(driver: PostgresDriver, changed: readonly string[], moreWork: boolean, others: boolean): void {
  const wakeUps: WakeUp[] = changed.map((runId) => ({ reason: "run", runId }));
  driver.tellHere(wakeUps);
  if (moreWork && others) driver.tellOthers({ reason: "work" });
}
