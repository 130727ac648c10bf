import type { Outcome } from "@maxq/db";

/** The outcome with nothing in it that its script wrote, and a warning that says so: recorded when the store cannot take the whole. */
export function withoutContent(outcome: Outcome): Outcome {
  const warning = "What this script wrote could not be stored and was dropped; the server's log says why.";
  return {
    ...outcome,
    output: null,
    fields: null,
    warnings: [warning],
    problem:
      outcome.problem === null ? null : { code: outcome.problem.code, message: outcome.problem.message },
    document: withoutPlan(outcome),
  };
}

function withoutPlan({ document }: Outcome): Outcome["document"] {
  if (document === null || document.reason === "none") return document;
  return {
    reason: "invalid",
    problem: {
      code: "INTERNAL_ERROR",
      message: "The document of flow.sh could not be stored; the server's log says why.",
    },
  };
}
