import { expect } from "chai";
import { defaultLimits } from "@maxq/core";
import { attempt, planOf, refusalOf, waitsOf } from "./planned.js";

describe("dependencies", () => {
  it("on a single step are one edge, whether by name, id or made id", () => {
    for (const word of ["a", "x", "s.b"]) {
      const plan = planOf({ id: "a", name: "x" }, { name: "b" }, { name: "c", dependsOn: [word] });
      expect(plan.stepEdges).to.have.length(1);
      expect(plan.gateEdges).to.have.length(0);
      expect(plan.steps[2]!.dependencies).to.equal(1);
    }
  });

  it("on all instances go through one gate: 400 links in place of 40,000 edges", () => {
    const plan = planOf({ name: "a", instances: 200 }, { name: "b", instances: 200, dependsOn: ["a"] });
    expect(plan.gates).to.deep.equal([200]);
    expect(plan.steps.filter((step) => step.gate === 0)).to.have.length(200);
    expect(plan.gateEdges).to.have.length(200);
    expect(plan.stepEdges).to.have.length(0);
  });

  it("on a name mean every step of that name", () => {
    const plan = planOf({ id: "a", name: "x" }, { id: "b", name: "x" }, { name: "y", dependsOn: ["x"] });
    expect(plan.gates).to.deep.equal([2]);
    expect(waitsOf(plan)["s.y"]).to.deep.equal(["a", "b"]);
  });

  it("on a word that is an id and a name mean the id", () => {
    const plan = planOf({ id: "x", name: "y" }, { id: "other", name: "x" }, { name: "z", dependsOn: ["x"] });
    expect(waitsOf(plan)["s.z"]).to.deep.equal(["x"]);
  });

  it("on the id of an entry with instances mean all of them", () => {
    const steps = [
      { id: "a", name: "x", instances: 3 },
      { name: "y", instances: 2 },
    ];
    const plan = planOf(...steps, { name: "z", dependsOn: ["a", "s.y"] });
    expect(waitsOf(plan)["s.z"]).to.deep.equal(["a.0", "a.1", "a.2", "s.y.0", "s.y.1"]);
  });

  it("on one instance are one edge", () => {
    const plan = planOf({ id: "a", name: "x", instances: 3 }, { name: "y", dependsOn: ["a.1"] });
    expect(plan.stepEdges).to.deep.equal([[1, 3]]);
    expect(plan.gates).to.deep.equal([]);
  });

  it("on an entry by id and on its name with others need no second gate of a step", () => {
    const plan = planOf(
      { id: "a", name: "x", instances: 2 },
      { id: "b", name: "x", instances: 2 },
      { id: "c", name: "x" },
      { id: "p", name: "y", dependsOn: ["a"] },
      { id: "q", name: "y", dependsOn: ["x"] },
    );
    expect(waitsOf(plan)).to.include.keys("p", "q");
    expect(waitsOf(plan).p).to.deep.equal(["a.0", "a.1"]);
    expect(waitsOf(plan).q).to.deep.equal(["a.0", "a.1", "b.0", "b.1", "c"]);
    expect(plan.gates).to.deep.equal([2, 3]);
  });

  it("count once however often they are named", () => {
    const plan = planOf({ name: "a" }, { name: "b", dependsOn: ["a", "s.a", "a"] });
    expect(plan.steps[1]!.dependencies).to.equal(1);
    expect(plan.steps[1]!.dependsOn).to.deep.equal(["a", "s.a"]);
  });

  it("on all of a name cover one on a single instance of it", () => {
    const plan = planOf({ name: "a", instances: 2 }, { name: "b", dependsOn: ["s.a.1", "a"] });
    expect(plan.steps[2]!.dependencies).to.equal(1);
  });

  it("on names that the stage does not have are left to the store, each with the first step that waits", () => {
    const plan = planOf(
      { name: "a", dependsOn: ["before.x"] },
      { name: "b", dependsOn: ["before.x", "old"] },
    );
    expect(plan.external).to.deep.equal([
      { id: "before.x", by: "s.a" },
      { id: "old", by: "s.b" },
    ]);
    expect(plan.steps.map((step) => step.dependencies)).to.deep.equal([0, 0]);
  });

  it("on what cannot be a step's id are refused at once", () => {
    expect(refusalOf({ name: "a", dependsOn: ["no such thing"] }).code).to.equal("UNKNOWN_DEPENDENCY");
  });

  it("are bounded, and the refusal names the setting", () => {
    const result = attempt(
      [
        { name: "a", instances: 20 },
        { name: "b", instances: 20, dependsOn: [0, 1, 2, 3, 4, 5].map((n) => `s.a.${n}`) },
      ],
      { ...defaultLimits, maxDependencies: 100 },
    );
    expect(result.ok ? null : result.problem.code).to.equal("LIMIT_EXCEEDED");
    expect(result.ok ? null : result.problem.message).to.include("MAXQ_MAX_DEPENDENCIES");
  });
});

describe("circles", () => {
  it("are named in full", () => {
    const refusal = refusalOf(
      { id: "a", name: "x", dependsOn: ["b"] },
      { id: "b", name: "y", dependsOn: ["a"] },
    );
    expect(refusal.code).to.equal("DEPENDENCY_CYCLE");
    expect(refusal.message).to.include("a → b → a");
    expect(refusal.details).to.deep.equal({ cycle: ["a", "b", "a"] });
  });

  it("are found through names and gates", () => {
    const refusal = refusalOf(
      { id: "a", name: "x", instances: 2, dependsOn: ["c"] },
      { name: "b", dependsOn: ["x"] },
      { name: "c", dependsOn: ["b"] },
    );
    expect(refusal.message).to.include("a → c → b → a");
  });

  it("of more than 200 steps are named in part, with how many are left out", () => {
    const steps = Array.from({ length: 1000 }, (_, n) => ({
      id: `s${n}`,
      name: "x",
      dependsOn: [`s${(n + 1) % 1000}`],
    }));
    const { message, details } = refusalOf(...steps);
    expect(message).to.include("s198 → (801 more) → s0.");
    expect(details!.cycle).to.have.length(201);
  });

  it("of one step are refused, by its own name too", () => {
    expect(refusalOf({ name: "a", dependsOn: ["a"] }).message).to.include("a → a");
    expect(refusalOf({ name: "a", instances: 2, dependsOn: ["a"] }).message).to.include("a → a");
    expect(refusalOf({ name: "a", instances: 2, dependsOn: ["s.a.0"] }).message).to.include("a → a");
    expect(refusalOf({ id: "a", name: "x" }, { id: "b", name: "x", dependsOn: ["x"] }).message).to.include(
      "b → b",
    );
  });
});
