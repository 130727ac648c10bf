import { stepIdPattern } from "../names.js";
import type { Limits } from "../limits.js";
import type { Problem } from "../problem.js";
import { cycleProblem, findCycle } from "./cycle.js";
import type { StageDocument } from "./document.js";
import { hashStage } from "./hash.js";
import { makeIds, type Entry, type Roster } from "./ids.js";
import { resolveLinks, type Links } from "./links.js";
import type { PlannedStep, StagePlan } from "./plan.js";
import { unknown } from "./unknown-dependency.js";

/** A plan ready to be stored, or why there can be none. */
export type PlannedStage =
  { readonly ok: true; readonly plan: StagePlan } | { readonly ok: false; readonly problem: Problem };

/**
 * Plans a valid document: makes ids, resolves dependencies to edges and gates, fills in defaults.
 * Codes: DUPLICATE_STEP, DEPENDENCY_CYCLE, LIMIT_EXCEEDED; UNKNOWN_DEPENDENCY only for what cannot be a step's id at all:
 * other unknown names are `external`, for the store to look up. Linear in steps and dependencies.
 */
export function planStage(document: StageDocument, limits: Limits): PlannedStage {
  const roster = makeIds(document);
  if ("code" in roster) return { ok: false, problem: roster };
  const links = resolveLinks(roster, limits);
  if ("code" in links) return { ok: false, problem: links };
  const cycle = findCycle(roster, links);
  if (cycle !== null) return { ok: false, problem: cycleProblem(cycle) };
  for (const [word, entry] of links.external) {
    if (!stepIdPattern.test(word))
      return { ok: false, problem: impossible(document.stage, word, entry, roster) };
  }
  return { ok: true, plan: assemble(document, roster, links) };
}

function assemble(document: StageDocument, roster: Roster, links: Links): StagePlan {
  const steps: PlannedStep[] = [];
  const stepEdges: [number, number][] = [];
  const gateEdges: [number, number][] = [];
  for (const [index, entry] of roster.entries.entries()) {
    const waits = links.waits[index]!;
    const make = stepMaker(entry, links.gates.ofEntry[index]!, waits.steps.size + waits.gates.size);
    for (let sequence = 0; sequence < entry.count; sequence++) {
      const to = entry.first + sequence;
      steps.push(make(roster.ids[to]!, sequence));
      for (const from of waits.steps) stepEdges.push([from, to]);
      for (const gate of waits.gates) gateEdges.push([gate, to]);
    }
  }
  return {
    stage: document.stage,
    final: document.final ?? false,
    failFast: document.failFast ?? true,
    recover: document.recover ?? false,
    maxParallel: document.maxParallel ?? null,
    output: document.output,
    hash: hashStage(document),
    steps,
    gates: links.gates.members.map((members) =>
      members.reduce((sum, entry) => sum + roster.entries[entry]!.count, 0),
    ),
    stepEdges,
    gateEdges,
    external: [...links.external].map(([id, entry]) => ({
      id,
      by: roster.ids[roster.entries[entry]!.first]!,
    })),
  };
}

/** How to make each instance of an entry. One literal with every key: copying a common shape takes four times as long. */
function stepMaker({ step }: Entry, gate: number | null, dependencies: number) {
  const dependsOn = distinct(step.dependsOn ?? []);
  const env = step.env ?? {};
  return (id: string, sequence: number): PlannedStep => ({
    id,
    name: step.name,
    sequence,
    dependencies,
    gate,
    dependsOn,
    env,
    priority: step.priority ?? null,
    maxRetries: step.maxRetries ?? 0,
    retryDelayMs: step.retryDelayMs ?? 0,
    retryBackoff: step.retryBackoff ?? "fixed",
    timeoutMs: step.timeoutMs ?? null,
    onLost: step.onLost ?? "retry",
    allowFailure: step.allowFailure ?? false,
  });
}

function distinct(words: readonly string[]): readonly string[] {
  return words.length < 2 ? words : [...new Set(words)];
}

function impossible(stage: string, word: string, entry: number, roster: Roster): Problem {
  const by = roster.ids[roster.entries[entry]!.first]!;
  return unknown(stage, word, by, [...roster.entriesByName.keys()].slice(0, 2000));
}
