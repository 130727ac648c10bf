import { attemptKey } from "@maxq/core";
import type { AttemptRef, ClaimedTask, EndedRun, Outcome } from "@maxq/db";
import type { WorkerLogger } from "../logger.js";

/** What names an attempt in the log. `step` of a flow call is `flow:<n>`; `attemptKey` stands on the requests that its script makes, too. */
export function attemptFields(task: ClaimedTask): Readonly<Record<string, string | number>> {
  const { runId, flowName, stageName, id, attempt } = task;
  const stage = stageName === "" ? {} : { stage: stageName };
  return { run: runId, flow: flowName, ...stage, step: id, attempt, attemptKey: attemptKey(task) };
}

/**
 * Says what becomes of attempts and runs: what goes well at debug, what fails at warn. Which attempt it is stands in fields, never in the text; nothing that
 * a script printed is in it, because that may hold secrets.
 */
export class AttemptLog {
  /** Of attempts that have ended and are not recorded, by key: the outcome does not know the step's id. */
  readonly #unrecorded = new Map<number, ClaimedTask>();

  constructor(private readonly logger: WorkerLogger) {}

  started(task: ClaimedTask, adopted: boolean): void {
    if (adopted)
      this.logger.info(attemptFields(task), "Goes on with an attempt that a process before this one began.");
    else if (this.logger.isLevelEnabled("debug"))
      this.logger.debug(attemptFields(task), "An attempt starts.");
  }

  ended(task: ClaimedTask, outcome: Outcome): void {
    this.#unrecorded.set(task.key, task);
    const level = levelOf(outcome);
    if (!this.logger.isLevelEnabled(level)) return;
    const { result, killedBy, exitCode, signal, durationMs, problem } = outcome;
    const code = problem === null ? {} : { code: problem.code };
    const how = { result, ...code, exitCode, signal, killedBy, durationMs: Math.round(durationMs) };
    this.logger[level]({ ...attemptFields(task), ...how }, messages[result]);
  }

  /** This machine could not start it. It has no outcome. */
  notStarted(task: ClaimedTask, why: string): void {
    this.logger.info(
      { ...attemptFields(task), why },
      "An attempt could not be started here; it is handed back.",
    );
  }

  /** What to call when an outcome is in the database, or came too late: forgets the attempt, then does what was to be done. */
  andThen(recorded: (ref: AttemptRef) => void): (ref: AttemptRef) => void {
    return (ref) => {
      this.#unrecorded.delete(ref.key);
      recorded(ref);
    };
  }

  /** All that a dead predecessor owned was taken over. */
  adopted(all: number, unstarted: number): void {
    const message = "Went on with what the process before this one had begun.";
    this.logger.info({ adopted: all - unstarted, unstarted }, message);
  }

  /** These outcomes changed nothing, because the attempts belong to others, or were over. Told before they are recorded. */
  late(keys: readonly number[]): void {
    for (const key of keys) {
      const task = this.#unrecorded.get(key);
      const fields = task === undefined ? { stepKey: key } : attemptFields(task);
      this.logger.info(fields, "An outcome came too late and was ignored.");
    }
  }

  /** The script runs, and its step is somebody else's by now. */
  disowned(task: ClaimedTask): void {
    this.logger.warn(attemptFields(task), "An attempt belongs to others now; its script is ended here.");
  }

  runEnded({ runId, status }: EndedRun): void {
    const level = status === "failed" ? "warn" : status === "aborted" ? "info" : "debug";
    this.logger[level]({ run: runId, status }, "A run has ended.");
  }
}

function levelOf({ result }: Outcome): "debug" | "info" | "warn" {
  if (result === "success") return "debug";
  return result === "failure" || result === "lost" ? "warn" : "info";
}

const messages: Readonly<Record<Outcome["result"], string>> = {
  success: "An attempt ended well.",
  failure: "An attempt failed.",
  aborted: "An attempt was aborted.",
  handed_back: "An attempt is handed back: it starts again, here or elsewhere.",
  lost: "An attempt was lost with its launcher.",
};
