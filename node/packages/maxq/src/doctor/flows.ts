import { existsSync, statSync } from "node:fs";
import { errors } from "@maxq/core";
import { FlowDirectory } from "@maxq/executor";
import { bad, good, warning, type Finding } from "./finding.js";

/** Is there a flows root, and what keeps its flows from running? */
export async function checkFlows(flowsRoot: string): Promise<Finding[]> {
  const subject = "Flows root";
  const another = "or name another one (--flows, MAXQ_FLOWS_ROOT).";
  if (!existsSync(flowsRoot)) return [bad(subject, `there is no ${flowsRoot}`, `Create it, ${another}`)];
  if (!statSync(flowsRoot).isDirectory())
    return [bad(subject, `${flowsRoot} is no directory`, `Make it one, ${another}`)];
  const flows = await new FlowDirectory(flowsRoot).list();
  if (flows.length === 0)
    return [warning(subject, `${flowsRoot} holds no flow`, `Create NAME/flow.sh in it, ${another}`)];
  const found = flows.map(({ name, steps, problems }) =>
    problems.length === 0
      ? [good(`Flow ${name}`, steps.length === 1 ? "1 step script" : `${steps.length} step scripts`)]
      : problems.map(({ code, message }) => bad(`Flow ${name}`, message, errors[code].cure)),
  );
  return [good(subject, `${flowsRoot}, ${flows.length} flows`), ...found.flat()];
}
