import { valueOf } from "@maxq/client";
import type { Flow, Run } from "@maxq/core";
import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import { withServer } from "../connect/with-server.js";
import { painter, type Paint } from "../print/paint.js";
import { table } from "../print/table.js";
import { counted, plainLine } from "../print/words.js";
import { runTable } from "../runs/list.js";

/** `maxq flows`: the flows of a server; with a name that flow, what is wrong with it, and its last runs. */
export function flows(invocation: Invocation, flowName: string | undefined): Promise<number> {
  return withServer(invocation, async ({ client }) => {
    const { out, err, json, terminal } = invocation;
    const paint = painter(terminal.stdout);
    if (flowName !== undefined) {
      const flow = valueOf(await client.server.flow(flowName));
      (json ? [JSON.stringify(flow)] : flowLines(flow, paint)).forEach(out);
      return exitCode.success;
    }
    const all = valueOf(await client.server.flows()).data;
    if (json) out(JSON.stringify(all));
    else if (all.length === 0) err("The server has no flows. maxq init NAME makes one below its flows root.");
    else flowTable(all, paint).forEach(out);
    return exitCode.success;
  });
}

function flowTable(all: readonly Flow[], paint: Paint): string[] {
  const heading = ["  FLOW", "STEPS", "TITLE"].map((text) => ({
    text,
    paint: (plain: string) => paint("dim", plain),
  }));
  const rows = all.map(({ name, title, steps, problems }) => {
    const broken = problems.length > 0;
    const mark = broken ? paint("red", "✘") : paint("green", "✔");
    const text = broken ? counted(problems.length, "problem") : plainLine(title ?? "");
    return [
      { text: `${name}  `, paint: (plain: string) => `${mark} ${plain.trimEnd()}` },
      String(steps.length),
      { text, paint: (plain: string) => (broken ? paint("red", plain) : plain) },
    ];
  });
  return table([heading, ...rows]);
}

function flowLines(flow: Flow & { readonly recentRuns: readonly Run[] }, paint: Paint): string[] {
  return [
    [paint("bold", flow.name), plainLine(flow.title ?? "")].filter((part) => part !== "").join("  "),
    ...(flow.description === null ? [] : [`  ${plainLine(flow.description)}`]),
    `  ${paint("dim", "steps")}  ${flow.steps.join(", ")}`,
    `  ${paint("dim", "source")} ${flow.sourceHash.slice(0, 12)}`,
    ...flow.problems.map(({ code, message }) => paint("red", `  ✘ ${code}: ${message}`)),
    ...(flow.recentRuns.length === 0 ? [] : runTable(flow.recentRuns, paint)),
  ];
}
