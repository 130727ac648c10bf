import { overLimit, type Limits } from "../limits.js";
import type { Problem } from "../problem.js";
import { makeGates, type Gates } from "./gates.js";
import type { Roster } from "./ids.js";
import { meaningOf, type Meaning } from "./meaning.js";

/** What one entry waits for; the same for each of its instances. Indexes; no repeats. */
export interface Waits {
  readonly steps: ReadonlySet<number>;
  readonly gates: ReadonlySet<number>;
}

/** All dependencies of a stage. */
export interface Links {
  /** By entry. */
  readonly waits: readonly Waits[];
  readonly gates: Gates;
  /** Words that mean nothing in this stage, each with the first entry that waits for it. */
  readonly external: ReadonlyMap<string, number>;
}

/** Resolves every `dependsOn`. LIMIT_EXCEEDED where they would make more links than allowed. */
export function resolveLinks(roster: Roster, limits: Limits): Links | Problem {
  const meanings = new Map<string, Meaning>();
  const external = new Map<string, number>();
  for (const [entry, { step }] of roster.entries.entries()) {
    for (const word of step.dependsOn ?? []) {
      if (meanings.has(word)) continue;
      const meaning = meaningOf(word, roster);
      meanings.set(word, meaning);
      if (meaning.reason === "external") external.set(word, entry);
    }
  }
  const gates = makeGates(roster, meanings.values());
  const targets = new Map<string, Waits>();
  for (const [word, meaning] of meanings) targets.set(word, targetsOf(meaning, roster, gates));

  let total = 0;
  const waits: Waits[] = [];
  for (const { step, count } of roster.entries) {
    const own = union(step.dependsOn ?? [], targets, roster, gates);
    total += count * (own.steps.size + own.gates.size);
    if (total > limits.maxDependencies)
      return overLimit(limits, "maxDependencies", "The stage", undefined, "steps");
    waits.push(own);
  }
  return { waits, gates, external };
}

const nothing: ReadonlySet<number> = new Set();

function targetsOf(meaning: Meaning, roster: Roster, gates: Gates): Waits {
  if (meaning.reason === "step") return { steps: new Set([meaning.step]), gates: nothing };
  const steps = new Set<number>();
  const through = new Set<number>();
  for (const entry of meaning.reason === "entries" ? meaning.entries : []) {
    const gate = gates.ofEntry[entry] ?? null;
    if (gate === null) steps.add(roster.entries[entry]!.first);
    else through.add(gate);
  }
  return { steps, gates: through };
}

function union(
  words: readonly string[],
  targets: ReadonlyMap<string, Waits>,
  roster: Roster,
  gates: Gates,
): Waits {
  if (words.length === 0) return { steps: nothing, gates: nothing };
  const only = words.length === 1 ? targets.get(words[0]!) : undefined;
  if (only !== undefined) return only;
  const steps = new Set<number>();
  const through = new Set<number>();
  for (const word of words) {
    const target = targets.get(word)!;
    for (const step of target.steps) steps.add(step);
    for (const gate of target.gates) through.add(gate);
  }
  // Who waits for all of A need not wait for A's third step as well.
  for (const step of through.size === 0 ? [] : [...steps]) {
    const gate = gates.ofEntry[roster.entryOfStep[step]!];
    if (typeof gate === "number" && through.has(gate)) steps.delete(step);
  }
  return { steps, gates: through };
}
