import { defaultLimits, planStage, type StepEntry } from "@maxq/core";
import { expect } from "chai";
import { groupsOf } from "../src/stage/step-groups.js";

describe("groups of steps", () => {
  const of = (...steps: StepEntry[]) => {
    const planned = planStage({ stage: "s", steps }, defaultLimits);
    if (!planned.ok) throw new Error(planned.problem.message);
    return groupsOf(planned.plan.steps).map(({ first, count, name, sequence, stride, place }) =>
      [first, count, name, sequence, stride, place].join(" "),
    );
  };

  it("are one for all instances of a step", () => {
    expect(of({ name: "a", instances: 1000 })).to.deep.equal(["1 1000 a 0 1 1"]);
  });

  it("hold single steps of one name together, too, which all are the first of their kind", () => {
    expect(of({ id: "x", name: "a" }, { id: "y", name: "a" }, { id: "z", name: "a" })).to.deep.equal([
      "1 3 a 0 0 1",
    ]);
  });

  it("end where anything else than the id changes", () => {
    expect(
      of(
        { name: "a", instances: 2 },
        { id: "x", name: "a" },
        { name: "b" },
        { id: "y", name: "b", maxRetries: 1 },
        { id: "w", name: "b", dependsOn: ["x"] },
        { name: "c", instances: 2 },
      ),
    ).to.deep.equal([
      "1 2 a 0 1 1",
      "3 1 a 0 0 3",
      "4 1 b 0 0 4",
      "5 1 b 0 0 5",
      "6 1 b 0 0 ",
      "7 2 c 0 1 6",
    ]);
  });
});
