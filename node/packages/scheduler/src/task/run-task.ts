import {
  messageOf,
  problem,
  type IssueAccess,
  type ScriptEnd,
  type ScriptProcess,
  type ScriptRunner,
} from "@maxq/core";
import type { Outcome } from "@maxq/db";
import type { HeldTask } from "./held-task.js";
import { outcomeOfFlow, outcomeOfStep, type OutcomeReaders } from "./outcome.js";
import { prepareScript } from "./prepare.js";

/** What running a task needs. */
export interface TaskPorts {
  readonly runner: ScriptRunner;
  readonly issueAccess: IssueAccess;
  readonly readers: OutcomeReaders;
  /** Steps at a time. */
  readonly steps: number;
}

/** Told once per started task, unless it is `Withdrawn`. */
export type Finished = (held: HeldTask, outcome: Outcome) => void;

/** It was not started, there is nothing to record, and it may be started again. */
export type Withdrawn = (held: HeldTask) => void;

/**
 * One task from its start to its outcome: prepare → launch → await → read outputs → outcome.
 * Returns as soon as the runner has the script, so that nothing can come between the question whether to start and the start.
 * Never throws: a fault becomes a failed attempt.
 */
export function runTask(held: HeldTask, ports: TaskPorts, finished: Finished, withdrawn: Withdrawn): void {
  try {
    held.process = ports.runner.start(prepareScript(held, ports.issueAccess, ports.steps));
  } catch (error) {
    queueMicrotask(() => void conclude(held, notStarted(error), ports, finished, withdrawn));
    return;
  }
  void held.process.ended.then((end) => conclude(held, end, ports, finished, withdrawn));
}

/** The same for one that a predecessor started. */
export function adoptTask(
  held: HeldTask,
  process: ScriptProcess,
  ports: TaskPorts,
  finished: Finished,
  withdrawn: Withdrawn,
): void {
  held.process = process;
  void process.ended.then((end) => conclude(held, end, ports, finished, withdrawn));
}

function conclude(
  held: HeldTask,
  end: ScriptEnd,
  ports: TaskPorts,
  finished: Finished,
  withdrawn: Withdrawn,
): void | Promise<void> {
  if (end.end.reason === "withdrawn") {
    withdrawn(held);
    return;
  }
  if (held.task.kind === "flow") return concludeFlow(held, end, ports, finished);
  let outcome: Outcome;
  try {
    outcome = outcomeOfStep(held.task, end, ports.readers);
  } catch (error) {
    // A fault in reading the fields does not change how the script ended.
    outcome = {
      ...outcomeOfStep(held.task, { ...end, output: null }, ports.readers),
      warnings: [`The fields in $MAXQ_OUTPUT could not be read: ${messageOf(error)}`],
    };
  }
  finished(held, outcome);
}

async function concludeFlow(
  held: HeldTask,
  end: ScriptEnd,
  ports: TaskPorts,
  finished: Finished,
): Promise<void> {
  let outcome: Outcome;
  try {
    outcome = await outcomeOfFlow(held.task, end, ports.readers);
  } catch (error) {
    const fault = problem(
      "INTERNAL_ERROR",
      `What flow.sh left behind could not be read: ${messageOf(error)}`,
    );
    const readDocument = () => ({ reason: "invalid", problem: fault }) as const;
    outcome = await outcomeOfFlow(held.task, end, { ...ports.readers, readDocument });
  }
  finished(held, outcome);
}

/** The end of a script that the runner would not take. */
function notStarted(error: unknown): ScriptEnd {
  const empty = { text: "", bytes: 0, truncated: false };
  return {
    end: { reason: "not_started", code: "SCRIPT_NOT_STARTED", message: messageOf(error) },
    killedBy: null,
    stdout: empty,
    stderr: empty,
    durationMs: 0,
    cpuMs: null,
    maxRssBytes: null,
    output: null,
  };
}
