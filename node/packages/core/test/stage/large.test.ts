import { expect } from "chai";
import { attempt, planOf } from "./planned.js";

const most = 100_000;
const numbers = Array.from({ length: most }, (_, number) => number);

describe("a stage of 100,000 steps", () => {
  it("may be one chain", () => {
    const plan = planOf(
      ...numbers.map((n) => ({ id: `a${n}`, name: "x", dependsOn: n === 0 ? [] : [`a${n - 1}`] })),
    );
    expect(plan.stepEdges).to.have.length(most - 1);
  });

  it("may be one circle, which is refused without a stack overflow", () => {
    const result = attempt(
      numbers.map((n) => ({ id: `a${n}`, name: "x", dependsOn: [`a${(n + 1) % most}`] })),
    );
    expect(result.ok ? null : result.problem.code).to.equal("DEPENDENCY_CYCLE");
  });

  it("may have half of them wait for the name of the other half", () => {
    const half = most / 2;
    const plan = planOf(
      ...numbers.map((n) =>
        n < half ? { id: `a${n}`, name: "x" } : { id: `a${n}`, name: "y", dependsOn: ["x"] },
      ),
    );
    expect(plan.gates).to.deep.equal([half]);
    expect(plan.gateEdges).to.have.length(half);
  });

  it("may be one entry", () => {
    expect(planOf({ name: "x", instances: most }).steps).to.have.length(most);
  });
});
