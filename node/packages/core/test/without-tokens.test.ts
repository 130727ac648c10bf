import { expect } from "chai";
import { partWithoutTokens, problem, withoutTokens } from "@maxq/core";

describe("a text without tokens", () => {
  const token = `mxt_${"aB3-_".repeat(16)}`;

  it("has [token] in place of each, wherever it stands", () => {
    expect(withoutTokens(`/api/v1/as/${token}/runs?x=${token}&y`)).to.equal(
      "/api/v1/as/[token]/runs?x=[token]&y",
    );
    expect(withoutTokens(`http://h:1/AS//${token}`)).to.equal("http://h:1/AS//[token]");
  });

  it("has none that is cut short, or written in escapes", () => {
    expect(withoutTokens(`"${token.slice(0, 42)}"`)).to.equal('"[token]"');
    expect(withoutTokens(`/${token.replace("_", "%5F").replace("a", "%61")}/x`)).to.equal("/[token]/x");
  });

  it("is the same where there is none", () => {
    expect(withoutTokens("/api/v1/runs?flowName=mxt")).to.equal("/api/v1/runs?flowName=mxt");
  });

  it("keeps a name that begins as tokens do", () => {
    const message = 'Stage "mxt_load" failed: step "remxt_load.a" ended with code 3.';
    expect(problem("STEP_FAILED", message, { stepId: "mxt_load.a" })).to.deep.equal({
      code: "STEP_FAILED",
      message,
      details: { stepId: "mxt_load.a" },
    });
  });

  it("may be a part of a longer one, whose ends lie within tokens", () => {
    const text = `${"x".repeat(1000)}${token} ${"y".repeat(1000)}${token}`;
    for (let from = 1001; from < 1000 + token.length; from++)
      expect(partWithoutTokens(text, from, 1090), String(from)).to.equal("[token] yyyyy");
    const end = 1000 + token.length;
    expect(partWithoutTokens(text, end)).to.equal(` ${"y".repeat(1000)}[token]`);
    expect(partWithoutTokens(text, 999, 1000)).to.equal("x");
    for (const to of [1002, 1010, 1050, 1080])
      expect(partWithoutTokens(text, end + 500, end + to)).to.equal(`${"y".repeat(501)}[token]`);
  });

  it("is all that a problem shows, in its message and its details", () => {
    const made = problem("FLOW_FAILED", `of ${token}`, {
      [`a ${token}`]: [{ stderr: `+ ${token}\n` }],
      n: 1,
    });
    expect(made).to.deep.equal({
      code: "FLOW_FAILED",
      message: "of [token]",
      details: { "a [token]": [{ stderr: "+ [token]\n" }], n: 1 },
    });
  });
});
