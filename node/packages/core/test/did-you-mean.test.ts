import { expect } from "chai";
import { closest, didYouMean, isSlip } from "@maxq/core";

const keys = ["dependsOn", "maxRetries", "timeoutMs", "env", "name"];

describe("did you mean", () => {
  it("finds the word behind typing mistakes, other spellings and parts", () => {
    expect(closest("depends_on", keys)).to.equal("dependsOn");
    expect(closest("MAX-RETRIES", keys)).to.equal("maxRetries");
    expect(closest("retries", keys)).to.equal("maxRetries");
    expect(closest("timeout", keys)).to.equal("timeoutMs");
    expect(closest("nmae", keys)).to.equal(undefined);
    expect(closest("nme", keys)).to.equal("name");
  });

  it("says nothing when nothing is close", () => {
    expect(didYouMean("colour", keys)).to.equal("");
    expect(didYouMean("", keys)).to.equal("");
    expect(didYouMean("nam", keys)).to.equal(' Did you mean "name"?');
  });
});

describe("a slip", () => {
  it("is one letter too many, too few or wrong, or two swapped, and any spelling", () => {
    for (const word of ["final", "Final", "fi_nal", "finall", "finl", "finaz", "fianl", "ifnal", "finla"])
      expect(isSlip(word, "final"), word).to.equal(true);
    expect(isSlip("DEPENDS-ON", "dependsOn")).to.equal(true);
  });

  it("is not what is further away", () => {
    for (const word of ["", "f", "finish", "anifl", "lanif", "finalized"])
      expect(isSlip(word, "final"), word).to.equal(false);
    expect(isSlip("items", "steps")).to.equal(false);
  });
});
