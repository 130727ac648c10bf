import { expect } from "chai";
import type { Stage } from "@maxq/core";
import type { History } from "./history.js";

/** Of runs that are over: nothing that their flow or a client asked for was dropped, and the flow has heard of all that completed. */
export async function expectNothingForgotten(history: History): Promise<void> {
  for (const [n, runId] of history.runs.entries()) {
    const run = (await history.subject.store.getRun(runId))!;
    const stages = await history.subject.store.listStages(runId);
    expect(dropped(history, runId, stages), `stages of run ${n} that are history`).to.deep.equal([]);
    if (run.status === "completed")
      expect(
        untold(history, runId, stages),
        `completed stages of run ${n} that no call heard of`,
      ).to.deep.equal([]);
  }
}

/** Only what failure callbacks asked for alone may become history. */
function dropped(history: History, runId: string, stages: readonly Stage[]): string[] {
  const standing = new Set(stages.filter(({ superseded }) => !superseded).map(({ name }) => name));
  const gone = new Set(stages.map(({ name }) => name).filter((name) => !standing.has(name)));
  return [...gone].filter((name) => {
    const askers = history.askers.get(`${runId}/${name}`);
    return askers?.has("call") === true || askers?.has("client") === true;
  });
}

/** A completed final stage is the end: the flow need not hear of what completes beside it. */
function untold(history: History, runId: string, stages: readonly Stage[]): string[] {
  const completed = stages.filter(({ superseded, status }) => !superseded && status === "completed");
  if (completed.some(({ final }) => final)) return [];
  const told = new Set(
    history.calls.filter((call) => call.runId === runId).map(({ completedStage }) => completedStage),
  );
  return completed.map(({ name }) => name).filter((name) => !told.has(name));
}
