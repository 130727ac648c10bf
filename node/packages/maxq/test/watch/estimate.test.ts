import { expect } from "chai";
import { expectation, median } from "../../src/watch/estimate.js";

describe("the estimate from past runs", () => {
  it("is their median", () => {
    expect([[], [3], [5, 1, 3], [1, 2, 3, 10]].map(median)).to.deep.equal([null, 3, 3, 2.5]);
  });

  it("says what is left, or that it takes longer than usual", () => {
    expect(expectation(1_000, null)).to.equal("");
    expect(expectation(1_000, 5_000)).to.equal("about 4.0 s left");
    expect(expectation(7_000, 5_000)).to.equal("longer than usual (5.0 s)");
  });
});
