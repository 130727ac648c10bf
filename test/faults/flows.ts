import type { Flows } from "../system/flows.js";
import { posts, prints, stage, told } from "../control/flow.js";
import { witnessed } from "./witness.js";

const work = stage("work", [
  { id: "a" },
  { id: "wide", name: "wide", instances: 3, dependsOn: ["a"] },
  { id: "flaky", maxRetries: 1, dependsOn: ["a"] },
  { id: "chain", dependsOn: ["flaky"] },
  { id: "join", dependsOn: ["wide", "chain"] },
]);
const rest = stage("rest", [{ id: "last" }], { final: true });

/** What one run of either flow begins, as `begun` tells it, when nobody is killed. */
export const everything = [
  "a 1",
  "chain 1",
  "flaky 1",
  "flaky 2",
  "flow:/ 1",
  "flow:work/ 1",
  "join 1",
  "last 1",
  "wide.0 1",
  "wide.1 1",
  "wide.2 1",
];

/** A fan-out, a chain, a retry and a call of the flow in between, in both dialects. Answers the flows' names. */
export function addFlows(flows: Flows): { readonly printed: string; readonly posted: string } {
  const steps = Object.fromEntries(
    ["a", "wide", "chain", "join", "last"].map((name) => [
      name,
      witnessed('echo "n=$MAXQ_ATTEMPT" >"$MAXQ_OUTPUT"'),
    ]),
  );
  const flaky = witnessed('[ "$MAXQ_ATTEMPT" -gt 1 ] || exit 3');
  // An engine that is killed answers nobody for a while.
  const patiently = (script: string): string =>
    script.replace("-fsS", "-fsS --retry 30 --retry-delay 1 --retry-all-errors");
  const flow = (say: (document: unknown) => string): string =>
    witnessed(told({ "/": say(work), "work/": say(rest) }));
  return {
    printed: flows.add("printed", flow(prints), { ...steps, flaky }),
    posted: flows.add("posted", patiently(flow(posts)), { ...steps, flaky }),
  };
}

/** Two hundred steps that do nothing, so that more are claimed ahead, and then some that take long enough to be marked as started. Answers the flow's name. */
export function addWideFlow(flows: Flows): string {
  const document = stage("wide", [{ name: "quick", instances: 200 }], { final: true });
  const quick = '[ "$MAXQ_SEQUENCE" -lt 150 ] || [ "$((MAXQ_SEQUENCE % 5))" != 0 ] || sleep 0.2';
  return flows.stage("wide", document, { quick });
}
