import { expect } from "chai";
import { closest, didYouMean } from "@maxq/core";

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
