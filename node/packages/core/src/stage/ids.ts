import { problem, type Problem } from "../problem.js";
import type { StageDocument, StepEntry } from "./document.js";

/** An entry of `steps` with the steps that it makes: `count` of them, from index `first` on. */
export interface Entry {
  readonly step: StepEntry;
  /** What its dependents may call all of its steps: the given id, else `<stage>.<name>`. */
  readonly id: string;
  /** What people call it: the given id, else the name. */
  readonly label: string;
  readonly first: number;
  readonly count: number;
}

/** The steps of a stage and every way to name them. */
export interface Roster {
  readonly entries: readonly Entry[];
  /** Ids of all steps, by index. */
  readonly ids: readonly string[];
  readonly stepById: ReadonlyMap<string, number>;
  /** The entry of each step, by index. */
  readonly entryOfStep: readonly number[];
  readonly entryById: ReadonlyMap<string, number>;
  readonly entriesByName: ReadonlyMap<string, readonly number[]>;
}

/**
 * Makes the ids: a given one stands; else `<stage>.<name>`; with `instances` over 1, `.<sequence>` is added.
 * DUPLICATE_STEP if two steps would have the same, e.g. because two entries of one name have no ids.
 */
export function makeIds(document: StageDocument): Roster | Problem {
  const entries: Entry[] = [];
  const ids: string[] = [];
  const stepById = new Map<string, number>();
  const entryOfStep: number[] = [];
  const entryById = new Map<string, number>();
  const entriesByName = new Map<string, number[]>();
  for (const [index, step] of document.steps.entries()) {
    const id = step.id ?? `${document.stage}.${step.name}`;
    const count = step.instances ?? 1;
    const twin = entryById.get(id);
    if (twin !== undefined) return duplicate(step, id, twin, index);
    entries.push({ step, id, label: step.id ?? step.name, first: ids.length, count });
    entryById.set(id, index);
    const named = entriesByName.get(step.name);
    if (named === undefined) entriesByName.set(step.name, [index]);
    else named.push(index);
    for (let sequence = 0; sequence < count; sequence++) {
      const stepId = count > 1 ? `${id}.${sequence}` : id;
      const other = stepById.get(stepId);
      if (other !== undefined) return duplicate(step, stepId, entryOfStep[other]!, index);
      stepById.set(stepId, ids.length);
      ids.push(stepId);
      entryOfStep.push(index);
    }
  }
  return { entries, ids, stepById, entryOfStep, entryById, entriesByName };
}

function duplicate(step: StepEntry, id: string, first: number, second: number): Problem {
  const places = `steps[${first}] and steps[${second}]`;
  const message =
    step.id === undefined && id.endsWith(`.${step.name}`)
      ? `Two steps are called ${JSON.stringify(step.name)} and have no id (${places}). Give each an id, or use \`instances\`.`
      : `Two steps would have the id ${JSON.stringify(id)} (${places}). Give each an id of its own.`;
  return problem("DUPLICATE_STEP", message, { path: `steps[${second}]`, id, first: `steps[${first}]` });
}
