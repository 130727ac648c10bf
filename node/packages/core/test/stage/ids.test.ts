import { expect } from "chai";
import { planOf, refusalOf } from "./planned.js";

const ids = (...steps: Parameters<typeof planOf>): string[] => planOf(...steps).steps.map((step) => step.id);

describe("ids of steps", () => {
  it("are made from stage and name", () => {
    expect(ids({ name: "fetch" })).to.deep.equal(["s.fetch"]);
  });

  it("have the sequence where there are several instances", () => {
    expect(ids({ name: "fetch", instances: 3 })).to.deep.equal(["s.fetch.0", "s.fetch.1", "s.fetch.2"]);
    expect(ids({ name: "fetch", instances: 1 })).to.deep.equal(["s.fetch"]);
  });

  it("stand as given, with the sequence where there are several instances", () => {
    expect(ids({ id: "a", name: "fetch" }, { id: "b", name: "fetch", instances: 2 })).to.deep.equal([
      "a",
      "b.0",
      "b.1",
    ]);
  });

  it("number the instances from 0", () => {
    expect(planOf({ name: "fetch", instances: 3 }).steps.map((step) => step.sequence)).to.deep.equal([
      0, 1, 2,
    ]);
  });

  it("are refused when given twice", () => {
    const refusal = refusalOf({ id: "a", name: "x" }, { id: "a", name: "y" });
    expect(refusal.code).to.equal("DUPLICATE_STEP");
    expect(refusal.details).to.include({ path: "steps[1]", id: "a" });
  });

  it("are asked for when two steps have one name and none", () => {
    const refusal = refusalOf({ name: "x" }, { name: "x" });
    expect(refusal.code).to.equal("DUPLICATE_STEP");
    expect(refusal.message).to.include("Give each an id");
  });

  it("are refused when a given one with a sequence meets a made one", () => {
    expect(refusalOf({ id: "s", name: "x", instances: 2 }, { name: "1" }).code).to.equal("DUPLICATE_STEP");
  });

  it("may be missing on one step of a name whose others have one", () => {
    expect(ids({ name: "x" }, { id: "a", name: "x" })).to.deep.equal(["s.x", "a"]);
  });
});
