import type { PlannedStep } from "@maxq/core";

/** Steps that follow each other in a stage and differ in their ids and, evenly, in their sequence. */
interface StepGroup {
  /** Index of the first of them, from 1. */
  readonly first: number;
  count: number;
  readonly name: string;
  /** Of the first of them; of each other one `stride` more than of the one before. */
  readonly sequence: number;
  stride: number;
  readonly deps: number;
  readonly gate: number | null;
  readonly retries: number;
  /** Where the first of them stands among those that are ready at once, from 1; null: they wait. */
  readonly place: number | null;
}

/** What PostgreSQL is told of steps beside their ids: parsing an object for each of 1,000 instances took it as long as storing them. */
export function groupsOf(steps: readonly PlannedStep[]): StepGroup[] {
  const groups: StepGroup[] = [];
  let ready = 0;
  steps.forEach((step, index) => {
    const { name, sequence, dependencies: deps, gate, maxRetries: retries } = step;
    const place = deps === 0 ? ++ready : null;
    const last = groups.at(-1);
    if (last === undefined || !joins(step, last))
      groups.push({ first: index + 1, count: 1, name, sequence, stride: 0, deps, gate, retries, place });
    else if (++last.count === 2) last.stride = sequence - last.sequence;
  });
  return groups;
}

function joins({ name, sequence, dependencies, gate, maxRetries }: PlannedStep, group: StepGroup): boolean {
  return (
    name === group.name &&
    dependencies === group.deps &&
    gate === group.gate &&
    maxRetries === group.retries &&
    (group.count === 1 || sequence === group.sequence + group.stride * group.count)
  );
}
