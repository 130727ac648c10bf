import type { Driver, Tx } from "../../driver.js";
import type { EndedRun, ExchangeAnswer, ExchangeRequest, RunControl, WorkStore } from "../../store/work.js";
import { sweepEnding } from "../run/control.js";
import { lockRuns, type OpenRun } from "../run/open-run.js";
import { claimTasks, describeTasks } from "./claim.js";
import { returnRows, type ReturnedRow } from "./return-rows.js";
import { closeRuns, recordOutcomes, settleOutcomes, type Settled } from "./settle.js";
import { runTimers } from "./timers.js";

/** How an adapter claims, and records what ended well, faster than the general verbs do: one statement. Everything it leaves goes the general way. */
export interface FastExchange {
  /** Takes outcomes that it accepts, start marks and claims. `left`: outcomes for the general verbs. `passed`: room is left, and there is work that others kept locked meanwhile: ask again, without outcomes, and it is waited for. */
  (request: ExchangeRequest): Promise<{
    readonly answer: ExchangeAnswer;
    readonly left: ExchangeRequest["outcomes"];
    readonly passed: boolean;
  }>;
  /** Whether an outcome may be offered to it. */
  accepts(outcome: ExchangeRequest["outcomes"][number]): boolean;
}

/** Work changing hands. */
export function createWorkVerbs(driver: Driver, fast: FastExchange | null): WorkStore {
  return {
    async exchange(request) {
      const answer =
        fast === null
          ? await driver.transaction((tx) => exchange(tx, request))
          : await exchangeFast(driver, fast, request);
      return { ...answer, ended: [...answer.ended, ...(await sweepControlled(driver, answer.controls))] };
    },
    runTimers: () => runTimers(driver),
    ownedTasks: (workerKey, round) =>
      driver.transaction(async (tx) => {
        // Locks the worker's row: an exchange that is claiming comes before, and is seen.
        await tx.run("worker.begin_round", { workerKey, round });
        const rows = await tx.all<{ key: number }>("step.keys_of_worker", { workerKey });
        return describeTasks(
          tx,
          rows.map((row) => row.key),
        );
      }),
  };
}

/** The general way: everything in one transaction, which writes each run once. */
async function exchange(tx: Tx, request: ExchangeRequest): Promise<ExchangeAnswer> {
  const { runs, stale, failing } = await record(tx, request);
  // A claim passes runs by on which a word stands, as their rows say.
  const held = [...runs.values()].filter((run) => run.control !== null);
  const first = await closeRuns(tx, held);
  for (const run of held) runs.delete(run.id);
  const claimed = await claimTasks(tx, request, runs);
  const { ended, controls } = await closeRuns(tx, runs.values());
  return {
    ...{ claimed, stale, failing },
    ...{ ended: [...first.ended, ...ended], controls: [...first.controls, ...controls] },
  };
}

type Recording = Pick<ExchangeRequest, "workerKey" | "round" | "outcomes" | "released" | "started">;

/** Outcomes, hand-backs and start marks. Locks their runs, which the caller closes, at once, in order: locking more of them later could deadlock with a worker that does the same. */
async function record(
  tx: Tx,
  asked: Recording,
): Promise<Pick<Settled, "stale" | "failing"> & { runs: Map<string, OpenRun> }> {
  const { workerKey, outcomes, started } = asked;
  const released = await stillToRelease(tx, asked);
  const keys = released.map((ref) => ref.key);
  const others = [...(await runsOf(tx, workerKey, keys)), ...started.map((ref) => ref.runId)];
  const runs = await lockRuns(tx, [...outcomes.map((outcome) => outcome.runId), ...others]);
  const recorded = await recordOutcomes(tx, workerKey, outcomes, runs);
  if (keys.length > 0) await release(tx, workerKey, keys, runs);
  if (started.length > 0)
    await tx.run("step.mark_started", { workerKey, keys: started.map((ref) => ref.key) });
  return { ...recorded, runs };
}

/** What comes late is not given back: the worker may have claimed it again since, under the same attempt, because one that was never started does not count. */
async function stillToRelease(
  tx: Tx,
  { workerKey, round, released }: Pick<ExchangeRequest, "workerKey" | "round" | "released">,
): Promise<ExchangeRequest["released"]> {
  if (released.length === 0) return [];
  return (await tx.all("worker.in_round", { workerKey, round })).length > 0 ? released : [];
}

async function runsOf(tx: Tx, workerKey: number, keys: readonly number[]): Promise<string[]> {
  if (keys.length === 0) return [];
  return (await tx.all<{ runId: string }>("step.runs_of", { workerKey, keys })).map((row) => row.runId);
}

/** Gives back what was claimed and never started: the attempt does not count, because no script and no token of it exists. */
async function release(
  tx: Tx,
  workerKey: number,
  keys: readonly number[],
  runs: ReadonlyMap<string, OpenRun>,
): Promise<void> {
  const rows = await tx.all<ReturnedRow>("step.release", { workerKey, keys });
  for (const run of runs.values()) {
    const mine = rows.filter((row) => row.runId === run.id);
    if (mine.length > 0) await returnRows(tx, run, mine);
  }
}

async function recordAlone(tx: Tx, request: Recording): Promise<Settled> {
  const { runs, stale, failing } = await record(tx, request);
  return { stale, failing, ...(await closeRuns(tx, runs.values())) };
}

/** What ended well, and claims, by one statement; before it, in one transaction, what it cannot take; after it, what it left. */
async function exchangeFast(
  driver: Driver,
  fast: FastExchange,
  request: ExchangeRequest,
): Promise<ExchangeAnswer> {
  const plain = request.outcomes.filter((outcome) => fast.accepts(outcome));
  const general = request.outcomes.filter((outcome) => !fast.accepts(outcome));
  const before =
    general.length + request.released.length > 0
      ? await driver.transaction((tx) => recordAlone(tx, { ...request, outcomes: general, started: [] }))
      : null;
  // What the general verbs made claimable, the statement does not know of: it has to look.
  const look = general.length > 0 ? { lookForSteps: true, lookForCalls: true } : {};
  const { answer, left, passed } = await fast({ ...request, ...look, outcomes: plain, released: [] });
  if (left.length === 0) return claimMore(fast, request, merge(answer, before), passed);
  const after = await driver.transaction((tx) => settleOutcomes(tx, request.workerKey, left));
  return claimMore(fast, request, merge(merge(answer, before), after), true);
}

/** Fills the room that is left, as long as there may be something for it. */
async function claimMore(
  fast: FastExchange,
  request: ExchangeRequest,
  answer: ExchangeAnswer,
  mayBeMore: boolean,
): Promise<ExchangeAnswer> {
  if (!mayBeMore) return answer;
  const free = capacityLeft(request, answer);
  if (free.freeSteps + free.aheadSteps + free.freeCalls === 0) return answer;
  const more = await fast({
    ...request,
    ...free,
    outcomes: [],
    released: [],
    started: [],
    lookForSteps: true,
    lookForCalls: true,
  });
  const claimed = [...answer.claimed, ...more.answer.claimed];
  return claimMore(fast, request, { ...merge(more.answer, answer), claimed }, more.passed);
}

function capacityLeft(
  request: ExchangeRequest,
  answer: ExchangeAnswer,
): Pick<ExchangeRequest, "freeSteps" | "aheadSteps" | "freeCalls"> {
  const steps = answer.claimed.filter((task) => task.kind === "step").length;
  const freeSteps = Math.max(0, request.freeSteps - steps);
  return {
    freeSteps,
    aheadSteps: Math.max(0, request.aheadSteps - Math.max(0, steps - request.freeSteps)),
    freeCalls: Math.max(0, request.freeCalls - (answer.claimed.length - steps)),
  };
}

function merge(answer: ExchangeAnswer, settled: Settled | ExchangeAnswer | null): ExchangeAnswer {
  if (settled === null) return answer;
  return {
    claimed: answer.claimed,
    stale: [...answer.stale, ...settled.stale],
    failing: [...answer.failing, ...settled.failing],
    ended: [...answer.ended, ...settled.ended],
    controls: [...answer.controls, ...settled.controls],
  };
}

/** A run that began to fail here is swept here; answers the runs that ended by it. */
async function sweepControlled(driver: Driver, controls: readonly RunControl[]): Promise<EndedRun[]> {
  const ending = new Set(
    controls.filter((control) => control.word !== "pause").map((control) => control.runId),
  );
  const ended: EndedRun[] = [];
  for (const runId of ending) {
    const status = await sweepEnding(driver, runId);
    if (status !== null) ended.push({ runId, status });
  }
  return ended;
}
