import { expect } from "chai";
import { withoutTokens } from "@maxq/core";

describe("a text without tokens", () => {
  const token = `mxt_${"aB3-_".repeat(16)}`;

  it("has [token] in place of each, wherever it stands", () => {
    expect(withoutTokens(`/api/v1/as/${token}/runs?x=${token}&y`)).to.equal(
      "/api/v1/as/[token]/runs?x=[token]&y",
    );
    expect(withoutTokens(`http://h:1/AS//${token}`)).to.equal("http://h:1/AS//[token]");
  });

  it("has none that is cut short, or written in escapes", () => {
    expect(withoutTokens(`"${token.slice(0, 9)}"`)).to.equal('"[token]"');
    expect(withoutTokens(`/${token.replace("_", "%5F").replace("a", "%61")}/x`)).to.equal("/[token]/x");
  });

  it("is the same where there is none", () => {
    expect(withoutTokens("/api/v1/runs?flowName=mxt")).to.equal("/api/v1/runs?flowName=mxt");
  });
});
