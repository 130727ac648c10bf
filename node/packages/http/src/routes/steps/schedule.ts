import {
  admitStage,
  finalDocumentSchema,
  jsonSchema,
  scheduledStageSchema,
  stageDocumentSchema,
  type Json,
  type StagePlan,
} from "@maxq/core";
import * as z from "zod";
import { answer, refuse, refusedByStore, type Answer } from "../../answer/answer.js";
import type { Services } from "../../app/services.js";
import { route, type Call } from "../route.js";
import { noSuchRun } from "../runs/not-found.js";

const finalAnswerSchema = z
  .object({ final: z.literal(true), message: z.string() })
  .meta({ id: "FinalAnswer", description: "Nothing more will be scheduled" });

export const scheduleStage = route({
  method: "post",
  path: "/runs/{runId}/steps",
  operationId: "scheduleStage",
  summary:
    "Schedule a stage, or say that nothing more will be scheduled; a repeat of the same body changes nothing",
  tag: "steps",
  scope: "write",
  notesRefusals: true,
  // The document is read by `admitStage`, as one that a flow prints is.
  body: jsonSchema,
  documentedBody: z.union([stageDocumentSchema, finalDocumentSchema]),
  answers: { 200: z.union([scheduledStageSchema, finalAnswerSchema]), 201: scheduledStageSchema },
  handle: async (call, services) => {
    const { runId } = call.params;
    const { store, flows, limits } = services;
    const flowName = await services.flowOfRun(runId);
    if (flowName === null) return noSuchRun(runId);
    const hasStage = (stage: string): Promise<boolean> => store.hasStage(runId, stage);
    const admission = await admitStage(flows, flowName, call.body, limits, hasStage);
    switch (admission.reason) {
      case "invalid":
        return refuse(admission.problem);
      case "final":
        return finish(call, admission.output, services);
      case "stage":
        return schedule(call, admission.plan, services);
    }
  },
});

type StepsCall = Call<"runId">;

async function schedule(
  { params: { runId }, fence }: StepsCall,
  plan: StagePlan,
  { store }: Services,
): Promise<Answer> {
  const result = await store.scheduleStage(runId, plan, fence);
  if (result.reason === "refused") return refusedByStore(result);
  const { reason, stage, scheduled, steps } = result;
  return answer(reason === "scheduled" ? 201 : 200, { stage, scheduled, steps });
}

async function finish(
  { params: { runId }, fence }: StepsCall,
  output: Json | undefined,
  { store }: Services,
): Promise<Answer> {
  const result = await store.finishScheduling(runId, output, fence);
  if (result.reason === "refused") return refusedByStore(result);
  return answer(200, { final: true, message: "Nothing more will be scheduled." });
}
