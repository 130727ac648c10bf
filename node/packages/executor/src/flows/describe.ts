import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { findFirstLineProblem } from "./first-line.js";
import { listStepNames } from "./list.js";
import { locateFlow, locateScript, type ScriptProblem } from "./resolve.js";
import { readHeading } from "./heading.js";

/** Something that will keep a script from running. */
export interface FlowProblem {
  readonly reason: ScriptProblem["reason"] | "no_interpreter_line" | "crlf_line_ends";
  /** Relative to the flow's directory; "" for the directory itself. */
  readonly path: string;
  /** What is wrong and what to do. */
  readonly message: string;
}

/** What is known of a flow from its files alone. */
export interface FlowDescription {
  readonly name: string;
  /** From a leading comment `# title: …` of `flow.sh`. */
  readonly title: string | null;
  /** From a leading comment `# description: …` of `flow.sh`. */
  readonly description: string | null;
  /** Names of the directories below `steps/`. */
  readonly steps: readonly string[];
  readonly problems: readonly FlowProblem[];
  /** SHA-256, in hex, over the paths and contents of `flow.sh` and every `step.sh` that could be read. */
  readonly sourceHash: string;
}

/** Reads a flow's directory; null if there is none. */
export async function describeFlow(root: string, flowName: string): Promise<FlowDescription | null> {
  const flow = locateFlow(root, flowName);
  if (flow.reason === "outside") return outsideFlow(flowName, flow.message);
  if (flow.reason !== "ok") return null;
  const steps = await listStepNames(flow.directory);
  const hash = createHash("sha256");
  const problems: FlowProblem[] = [];
  let heading = readHeading("");
  for (const directory of ["", ...steps.map((step) => `steps/${step}`)]) {
    const name = directory === "" ? "flow.sh" : "step.sh";
    const path = join(directory, name);
    const located = locateScript(flow.directory, join(flow.directory, directory), name);
    if (located.reason !== "ok") problems.push({ reason: located.reason, path, message: located.message });
    // What leads outside is not read either: its content is nobody's business here.
    if (located.reason !== "ok" && located.reason !== "not_executable") continue;
    const content = await readFile(join(flow.directory, path)).catch(() => null);
    if (content === null) continue;
    hash.update(`${path}\0${content.length}\0`).update(content);
    const problem = findFirstLineProblem(content, join(flow.directory, path));
    if (problem !== null) problems.push({ ...problem, path });
    if (directory === "") heading = readHeading(content.toString("utf8"));
  }
  return { name: flowName, ...heading, steps, problems, sourceHash: hash.digest("hex") };
}

function outsideFlow(name: string, message: string): FlowDescription {
  const sourceHash = createHash("sha256").digest("hex");
  const problems: FlowProblem[] = [{ reason: "outside", path: "", message }];
  return { name, title: null, description: null, steps: [], problems, sourceHash };
}
