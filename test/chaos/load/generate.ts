import { Random } from "@maxq/test-kit";
import { stageFails, type ControlPlan, type EntryPlan, type RunPlan, type StagePlan } from "./plan.js";

type Shape = (
  random: Random,
  entry: (dependsOn: readonly EntryPlan[], instances?: number) => EntryPlan,
) => void;

const shapes: readonly Shape[] = [
  function chain(random, entry) {
    let last: EntryPlan[] = [];
    for (let left = random.int(2, 5); left > 0; left -= 1) last = [entry(last)];
  },
  function fanOut(random, entry) {
    const first = entry([]);
    const wide = entry([first], random.int(3, 10));
    entry([wide]);
  },
  function diamonds(random, entry) {
    let top = entry([]);
    for (let left = random.int(1, 2); left > 0; left -= 1) {
      const sides = [entry([top]), entry([top])];
      top = entry(sides);
    }
  },
  function layers(random, entry) {
    let above: EntryPlan[] = [];
    for (let left = random.int(2, 3); left > 0; left -= 1)
      above = Array.from({ length: random.int(2, 4) }, () => entry(above.filter(() => random.chance(0.6))));
  },
  function anyGraph(random, entry) {
    const made: EntryPlan[] = [];
    for (let left = random.int(3, 9); left > 0; left -= 1)
      made.push(entry(made.filter(() => random.chance(0.3))));
  },
];

/** The n-th run of a seed's load. */
export function generateRun(seed: number, n: number): RunPlan {
  const random = new Random(seed * 1_000_003 + n);
  const failing = random.chance(0.2);
  const names = Array.from({ length: random.int(1, 3) }, (_, i) => `s${i}`);
  const failingStage = failing ? random.pick(names) : null;
  const stages = names.map((name) =>
    generateStage(random, name, { fails: name === failingStage, final: name === names.at(-1) && !failing }),
  );
  const recover = random.chance(0.5);
  const cleanup = { ...generateStage(random, "mend", { fails: false, final: false }), recover };
  return {
    flowName: `r${n}`,
    dialect: random.pick(["http", "stdout"]),
    stages,
    onFailure: stages.some(stageFails) && random.chance(0.7) ? cleanup : null,
    control: generateControl(random),
  };
}

function generateStage(
  random: Random,
  name: string,
  { fails, final }: { readonly fails: boolean; readonly final: boolean },
): StagePlan {
  const entries: EntryPlan[] = [];
  const entry = (dependsOn: readonly EntryPlan[], instances = 1): EntryPlan => {
    const made = generateEntry(random, `${name}-${entries.length}`, dependsOn, instances);
    entries.push(made);
    return made;
  };
  random.pick(shapes)(random, entry);
  if (fails) spoil(random, entries);
  return { name, failFast: random.chance(0.5), recover: false, final, entries };
}

function generateEntry(
  random: Random,
  id: string,
  dependsOn: readonly EntryPlan[],
  instances: number,
): EntryPlan {
  const tolerated = random.chance(0.05);
  const failsUntil = tolerated ? "always" : random.chance(0.12) ? random.int(1, 2) : 0;
  return {
    id,
    instances,
    dependsOn: dependsOn.map((entry) => entry.id),
    ms: generateDuration(random),
    failsUntil,
    maxRetries: failsUntil === "always" ? random.int(0, 1) : failsUntil,
    allowFailure: tolerated,
    leavesProcesses: random.chance(0.1),
  };
}

/** Most are short; some outlive the lease of a worker that is stopped. */
function generateDuration(random: Random): number {
  const kind = random.next();
  if (kind < 0.06) return random.int(3000, 6500);
  return kind < 0.16 ? random.int(800, 2500) : random.int(10, 400);
}

/** Makes one entry fail for good. */
function spoil(random: Random, entries: EntryPlan[]): void {
  const at = random.int(0, entries.length - 1);
  entries[at] = { ...entries[at]!, failsUntil: "always", maxRetries: random.int(0, 2), allowFailure: false };
}

function generateControl(random: Random): ControlPlan | null {
  if (!random.chance(0.2)) return null;
  const action = random.chance(0.5) ? "abort" : "pause";
  return { action, afterMs: random.int(0, 2500), forMs: random.int(100, 2000) };
}
