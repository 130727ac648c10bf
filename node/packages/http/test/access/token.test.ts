import { createHmac } from "node:crypto";
import { withoutTokens } from "@maxq/core";
import { expect } from "chai";
import { Hmac } from "../../src/access/hmac.js";
import { Tokens } from "../../src/access/token.js";

const runId = "01a2007c-8f35-7b50-918f-8380cda702fc";

describe("Tokens", () => {
  it("are signed as HMAC-SHA256 says, with keys shorter and longer than a block", () => {
    const messages = ["another that came before it", "a message of 27 characters."].map((text) =>
      Buffer.from(text),
    );
    for (const secret of ["short", "x".repeat(64), "ä".repeat(100)]) {
      const hmac = new Hmac(secret, 27);
      for (const message of messages) {
        message.copy(hmac.message);
        expect(hmac.sign()).to.equal(createHmac("sha256", secret).update(message).digest("binary"));
      }
    }
  });

  it("say whose they are, also where the step's number needs more than 32 bits", () => {
    const tokens = new Tokens("secret");
    for (const key of [1, 2 ** 32, 2 ** 40 + 7]) {
      const caller = { runId, ref: { key, attempt: 3 } };
      expect(tokens.read(tokens.sign(caller))).to.deep.equal(caller);
    }
  });

  it("are not read if they were signed with another secret, or changed", () => {
    const token = new Tokens("secret").sign({ runId, ref: { key: 1, attempt: 1 } });
    expect(new Tokens("other").read(token)).to.equal(null);
    expect(new Tokens("secret").read(token.replace(/.$/, (end) => (end === "A" ? "B" : "A")))).to.equal(null);
    expect(new Tokens("secret").read(token.slice(1))).to.equal(null);
  });

  it("are kept out of texts from the first character of their signature on", () => {
    const token = new Tokens("secret").sign({ runId, ref: { key: 2 ** 40 + 7, attempt: 2 ** 32 - 1 } });
    const other = new Tokens("other").sign({ runId, ref: { key: 2 ** 40 + 7, attempt: 2 ** 32 - 1 } });
    const unsigned = Array.from(token).findIndex((char, at) => char !== other[at]);
    expect(withoutTokens(token)).to.equal("[token]");
    expect(withoutTokens(token.slice(0, unsigned + 1))).to.equal("[token]");
    expect(withoutTokens(token.slice(0, unsigned))).to.equal(token.slice(0, unsigned));
  });
});
