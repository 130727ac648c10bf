import { expect } from "chai";
import { admitStage, defaultLimits } from "@maxq/core";
import { flowsWith, hasNone } from "../flows-stub.js";

describe("a scheduling request", () => {
  it("is admitted when its document, its plan and its scripts are right", async () => {
    const flows = flowsWith("a", "b");
    const steps = [{ id: "1", name: "a" }, { id: "2", name: "a" }, { name: "b" }];
    const admission = await admitStage(flows, "f", { stage: "s", steps }, defaultLimits, hasNone);
    expect(admission.reason).to.equal("stage");
    expect(flows.asked).to.deep.equal([["a", "b"]]);
  });

  it("is refused for a script that does not exist", async () => {
    const admission = await admitStage(
      flowsWith(),
      "f",
      { stage: "s", steps: [{ name: "a" }] },
      defaultLimits,
      hasNone,
    );
    expect(admission).to.deep.include({ reason: "invalid" });
  });

  it("looks for scripts only when the rest is right, and there are steps", async () => {
    const flows = flowsWith();
    await admitStage(
      flows,
      "f",
      { stage: "s", steps: [{ name: "a", dependsOn: ["a"] }] },
      defaultLimits,
      hasNone,
    );
    expect((await admitStage(flows, "f", { stage: "s", steps: [] }, defaultLimits, hasNone)).reason).to.equal(
      "stage",
    );
    expect(flows.asked).to.deep.equal([]);
  });

  it("is admitted without its scripts where the run has the stage, which is asked only where one is missing", async () => {
    const asked: string[] = [];
    const hasStage = (stage: string): Promise<boolean> => {
      asked.push(stage);
      return Promise.resolve(stage === "old");
    };
    const admit = async (stage: string, name: string): Promise<string> =>
      (await admitStage(flowsWith("a"), "f", { stage, steps: [{ name }] }, defaultLimits, hasStage)).reason;
    expect(await admit("new", "a")).to.equal("stage");
    expect(asked).to.deep.equal([]);
    expect(await admit("old", "gone")).to.equal("stage");
    expect(await admit("new", "gone")).to.equal("invalid");
    expect(asked).to.deep.equal(["old", "new"]);
  });

  it("may ask for the end, with an output or none", async () => {
    expect(await admitStage(flowsWith(), "f", { final: true }, defaultLimits, hasNone)).to.deep.equal({
      reason: "final",
      output: undefined,
    });
    expect(
      await admitStage(flowsWith(), "f", { final: true, output: null }, defaultLimits, hasNone),
    ).to.deep.equal({
      reason: "final",
      output: null,
    });
  });
});
