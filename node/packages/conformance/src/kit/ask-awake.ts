import type { StagePlan } from "@maxq/core";
import type { ClaimedTask, ExchangeAnswer } from "@maxq/db";
import type { World } from "./world.js";

type Scheduled = Awaited<ReturnType<World["store"]["scheduleStage"]>>;

/** A call asks for a stage over HTTP, and the worker, which hears of work while it does so, claims at once. */
export async function askAwake(
  { store, worker }: World,
  plan: StagePlan,
  call: ClaimedTask,
  freeSteps: number,
): Promise<{ readonly answer: Scheduled; readonly claimed: readonly ClaimedTask[] }> {
  const claims: Promise<ExchangeAnswer>[] = [];
  const stop = store.onWakeUp(({ reason }) => {
    if (reason === "work" && claims.length === 0) claims.push(worker.exchange({ freeSteps, freeCalls: 4 }));
  });
  const answer = await store.scheduleStage(call.runId, plan, call);
  stop();
  return { answer, claimed: (await Promise.all(claims)).flatMap(({ claimed }) => claimed) };
}
