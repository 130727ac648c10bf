import { expect } from "chai";
import { defaultLimits, limitSettings, overLimit } from "@maxq/core";

describe("limits", () => {
  it("each have a setting of their own", () => {
    const settings = Object.values(limitSettings);
    expect(Object.keys(limitSettings)).to.have.members(Object.keys(defaultLimits));
    expect(new Set(settings).size).to.equal(settings.length);
    for (const setting of settings) expect(setting).to.match(/^MAXQ_MAX_[A-Z_]+$/);
  });

  it("are named when something is over them: counts with 400, sizes with 413", () => {
    const steps = overLimit(defaultLimits, "maxStepsPerStage", "The stage", 100_001);
    expect(steps.code).to.equal("LIMIT_EXCEEDED");
    expect(steps.message).to.equal(
      "The stage has 100001 steps; at most 100000 are allowed (MAXQ_MAX_STEPS_PER_STAGE). Send less, or raise the setting.",
    );
    expect(overLimit(defaultLimits, "bodyBytes", "The body").code).to.equal("PAYLOAD_TOO_LARGE");
  });
});
