import { problem } from "@maxq/core";
import { refuse, type RefusedAnswer } from "../../answer/answer.js";

/** The refusal of a run that does not exist. */
export function noSuchRun(runId: string): RefusedAnswer {
  return refuse(
    problem("RUN_NOT_FOUND", `There is no run ${runId}. Check the id; \`GET /runs\` lists them.`),
  );
}
