import { expect } from "chai";
import { admitStage, defaultLimits } from "@maxq/core";
import { flowsWith } from "../flows-stub.js";

describe("a scheduling request", () => {
  it("is admitted when its document, its plan and its scripts are right", async () => {
    const flows = flowsWith("a", "b");
    const steps = [{ id: "1", name: "a" }, { id: "2", name: "a" }, { name: "b" }];
    const admission = await admitStage(flows, "f", { stage: "s", steps }, defaultLimits);
    expect(admission.reason).to.equal("stage");
    expect(flows.asked).to.deep.equal([["a", "b"]]);
  });

  it("is refused for a script that does not exist", async () => {
    const admission = await admitStage(
      flowsWith(),
      "f",
      { stage: "s", steps: [{ name: "a" }] },
      defaultLimits,
    );
    expect(admission).to.deep.include({ reason: "invalid" });
  });

  it("looks for scripts only when the rest is right, and there are steps", async () => {
    const flows = flowsWith();
    await admitStage(flows, "f", { stage: "s", steps: [{ name: "a", dependsOn: ["a"] }] }, defaultLimits);
    expect((await admitStage(flows, "f", { stage: "s", steps: [] }, defaultLimits)).reason).to.equal("stage");
    expect(flows.asked).to.deep.equal([]);
  });

  it("may ask for the end, with an output or none", async () => {
    expect(await admitStage(flowsWith(), "f", { final: true }, defaultLimits)).to.deep.equal({
      reason: "final",
      output: undefined,
    });
    expect(await admitStage(flowsWith(), "f", { final: true, output: null }, defaultLimits)).to.deep.equal({
      reason: "final",
      output: null,
    });
  });
});
