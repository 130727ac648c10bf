import type { ClaimedTask } from "@maxq/db";
import { asksForNothing } from "./a-stage.js";
import { drive } from "./drive.js";
import type { TestWorker } from "./test-worker.js";

/** What a flow call is told: the stage that completed and the one that failed, empty where there is none. */
export function told({ completedStage, failedStage }: ClaimedTask): string[] {
  return [completedStage, failedStage];
}

/** Drives the run to its end by a flow that asks for nothing, and answers what its calls were told. */
export async function tellings(worker: TestWorker): Promise<string[][]> {
  const all: string[][] = [];
  await drive(worker, {
    flow: (call) => {
      all.push(told(call));
      return asksForNothing;
    },
  });
  return all;
}
