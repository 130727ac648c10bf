import { expect } from "chai";
import fc from "fast-check";
import { attempt, waitsOf } from "./planned.js";

interface Node {
  readonly name: string;
  readonly id?: string;
  readonly instances: number;
  readonly dependsOn: string[];
}

const names = ["x", "y", "z"];
const entry = fc.record({
  name: fc.constantFrom(...names),
  instances: fc.integer({ min: 1, max: 3 }),
  words: fc.array(
    fc.oneof(
      fc.constantFrom(...names, "s.x"),
      fc.nat(7).map((n) => `i${n}`),
      fc.nat(7).map((n) => `i${n}.1`),
    ),
    { maxLength: 3 },
  ),
});

/** Entries with distinct ids `i0`, `i1` …; only words that mean something. */
const stage = fc.array(entry, { minLength: 1, maxLength: 8 }).map((entries): Node[] =>
  entries.map(({ name, instances, words }, at) => {
    const known = (word: string): boolean =>
      entries.some(
        (other, i) => word === other.name || word === `i${i}` || (word === `i${i}.1` && other.instances > 1),
      );
    return { id: `i${at}`, name, instances, dependsOn: words.filter(known) };
  }),
);

/** The model: which steps each step waits for, by reading the rules literally. */
function model(nodes: readonly Node[]): Map<string, Set<string>> {
  const own = (node: Node): string[] =>
    node.instances === 1 ? [node.id!] : Array.from({ length: node.instances }, (_, i) => `${node.id!}.${i}`);
  const meant = (word: string): string[] => {
    const byId = nodes.find((node) => node.id === word);
    if (byId !== undefined) return own(byId);
    if (nodes.flatMap(own).includes(word)) return [word];
    return nodes.filter((node) => node.name === word).flatMap(own);
  };
  return new Map(
    nodes.flatMap((node) => own(node).map((id) => [id, new Set(node.dependsOn.flatMap(meant))] as const)),
  );
}

/** Whether the steps can be ordered: what waits for nothing is taken away until nothing is left. */
function canBeOrdered(waits: ReadonlyMap<string, ReadonlySet<string>>): boolean {
  const done = new Set<string>();
  for (;;) {
    const ready = [...waits].filter(([id, on]) => !done.has(id) && [...on].every((other) => done.has(other)));
    if (ready.length === 0) return done.size === waits.size;
    for (const [id] of ready) done.add(id);
  }
}

describe("any stage", () => {
  it("is refused for a circle exactly if its steps cannot be ordered", () => {
    fc.assert(
      fc.property(stage, (nodes) => {
        const result = attempt(nodes);
        expect(result.ok).to.equal(canBeOrdered(model(nodes)));
        if (!result.ok) expect(result.problem.code).to.equal("DEPENDENCY_CYCLE");
      }),
      { numRuns: 500 },
    );
  });

  it("names only circles that exist", () => {
    fc.assert(
      fc.property(stage, (nodes) => {
        const result = attempt(nodes);
        if (result.ok) return;
        const waits = model(nodes);
        const steps = (label: string): string[] =>
          [...waits.keys()].filter((id) => id === label || id.startsWith(`${label}.`));
        const cycle = result.problem.details!.cycle as string[];
        expect(cycle[0]).to.equal(cycle.at(-1));
        for (const [at, label] of cycle.slice(0, -1).entries())
          expect(
            steps(label).some((id) => steps(cycle[at + 1]!).some((other) => waits.get(id)!.has(other))),
          ).to.equal(true);
      }),
      { numRuns: 500 },
    );
  });

  it("waits for exactly what its words mean, and its counters equal its distinct links", () => {
    fc.assert(
      fc.property(stage, (nodes) => {
        const result = attempt(nodes);
        if (!result.ok) return;
        const { plan } = result;
        const expected = [...model(nodes)].map(([id, on]) => [id, [...on].sort()]);
        expect(waitsOf(plan)).to.deep.equal(Object.fromEntries(expected));
        const links = [
          ...plan.stepEdges.map((edge) => `s${edge.join()}`),
          ...plan.gateEdges.map((edge) => `g${edge.join()}`),
        ];
        expect(new Set(links).size).to.equal(links.length);
        for (const [at, step] of plan.steps.entries())
          expect(links.filter((link) => link.endsWith(`,${at}`))).to.have.length(step.dependencies);
        for (const [gate, size] of plan.gates.entries())
          expect(plan.steps.filter((step) => step.gate === gate)).to.have.length(size);
      }),
      { numRuns: 500 },
    );
  });
});
