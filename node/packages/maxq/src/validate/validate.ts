import { existsSync } from "node:fs";
import { didYouMean } from "@maxq/core";
import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import { painter } from "../print/paint.js";
import { counted } from "../print/words.js";
import { locateFlow } from "../run/locate.js";
import { settingsOrComplain } from "../settings/or-complain.js";
import { formatFinding, type Finding } from "./finding.js";
import { findFlow, findFlows, type FoundFlow } from "./flow/find-flows.js";
import { inspectFlow } from "./flow/inspect-flow.js";
import { shellcheck, type ShellcheckFaults } from "./script/shellcheck.js";

/** What was found, and whether shellcheck helped. */
export interface Validation {
  readonly flows: readonly string[];
  readonly findings: readonly Finding[];
  /** False: it is not installed. */
  readonly shellcheck: boolean;
}

/** `maxq validate`: finds what will keep flows from running, each with its place and its cure. Runs and changes nothing. */
export async function validate(invocation: Invocation, flow: string | undefined): Promise<number> {
  const { out, err, json, terminal } = invocation;
  const settings = settingsOrComplain(invocation);
  if (settings === null) return exitCode.usage;
  if (flow === "") {
    err("maxq: The name of the flow is empty. Name one, or leave it out to look at all of them.");
    return exitCode.usage;
  }
  const { flowName, flowsRoot } = locateFlow(flow ?? "", settings.flowsRoot);
  const flows = flow === undefined ? findFlows(flowsRoot) : [findFlow(flowsRoot, flowName) ?? []].flat();
  if (flows.length === 0) {
    err(`maxq: ${noFlows(flowsRoot, flow === undefined ? null : flowName)}`);
    return exitCode.usage;
  }
  const found = await validateFlows(flows);
  const { findings } = found;
  if (json) out(JSON.stringify(found));
  else {
    const paint = painter(terminal.stdout);
    for (const finding of findings) out(formatFinding(finding, process.cwd(), paint));
    const where = counted(flows.length, "flow");
    err(
      findings.length === 0
        ? `Nothing was found in ${where}.`
        : `${counted(findings.length, "fault")} found in ${where}.`,
    );
    if (!found.shellcheck) err("shellcheck is not installed here: what it would find is missing.");
  }
  return findings.length === 0 ? exitCode.success : exitCode.failure;
}

/** Looks at flows one after the other, and asks shellcheck about all scripts at once. */
export async function validateFlows(
  flows: readonly FoundFlow[],
  check: (files: readonly string[]) => Promise<ShellcheckFaults> = shellcheck,
): Promise<Validation> {
  const findings: Finding[] = [];
  const scripts: { readonly flow: string; readonly file: string }[] = [];
  for (const { name: flow, directory, faults } of flows) {
    const inspected = await inspectFlow(directory);
    for (const { file, fault } of [...faults, ...inspected.faults]) findings.push({ ...fault, flow, file });
    scripts.push(...inspected.shellScripts.map((file) => ({ flow, file })));
  }
  const checked = await check(scripts.map(({ file }) => file));
  for (const { flow, file } of scripts) {
    for (const fault of checked?.get(file) ?? []) findings.push({ ...fault, flow, file });
  }
  const order = new Map(flows.map(({ name }, index) => [name, index]));
  const rank = ({ flow }: Finding): number => order.get(flow) ?? 0;
  findings.sort(
    (a, b) => rank(a) - rank(b) || (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line),
  );
  return { flows: flows.map(({ name }) => name), findings, shellcheck: checked !== null };
}

function noFlows(root: string, name: string | null): string {
  if (!existsSync(root)) return `There is no ${root}. --flows names another flows root.`;
  if (name === null)
    return `${root} holds no flow. maxq init NAME makes one; --flows names another flows root.`;
  const names = findFlows(root).map((flow) => flow.name);
  return `There is no flow ${JSON.stringify(name)} in ${root}.${didYouMean(name, names)}`;
}
