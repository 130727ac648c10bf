import { expect } from "chai";
import { RecentInputs } from "../../src/verbs/run/recent-inputs.js";

describe("recent inputs", () => {
  it("are known once", () => {
    const inputs = new RecentInputs();
    inputs.keep("a", "1");
    expect([inputs.take("a"), inputs.take("a"), inputs.take("b")]).to.deep.equal(["1", null, null]);
  });

  it("keep the newest thousand", () => {
    const inputs = new RecentInputs();
    for (let n = 0; n <= 1000; n++) inputs.keep(String(n), "{}");
    expect([inputs.take("0"), inputs.take("1"), inputs.take("1000")]).to.deep.equal([null, "{}", "{}"]);
  });

  it("are bounded by their length, and keep nothing of one that is longer", () => {
    const inputs = new RecentInputs();
    inputs.keep("a", "x".repeat(400_000));
    inputs.keep("b", "x".repeat(400_000));
    inputs.keep("c", "x".repeat(400_000));
    expect([inputs.take("a"), inputs.take("b")?.length]).to.deep.equal([null, 400_000]);
    inputs.keep("d", "x".repeat(2_000_000));
    expect([inputs.take("c"), inputs.take("d")]).to.deep.equal([null, null]);
    inputs.keep("e", "1");
    expect(inputs.take("e")).to.equal("1");
  });
});
