import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { expect } from "chai";
import { identify, type Identification } from "../../src/access/identify.js";
import type { ScriptCaller } from "../../src/access/caller.js";

const attempt = (key: number, number: number): ScriptCaller => ({
  runId: "run-1",
  ref: { key, attempt: number },
});

const tokens: Readonly<Record<string, ScriptCaller>> = {
  first: attempt(7, 1),
  "first-again": attempt(7, 1),
  retried: attempt(7, 2),
  other: attempt(8, 1),
};

const identification: Identification = {
  readToken: (token) => tokens[token] ?? null,
  others: { reason: "nobody" },
};

/** The attempts that a request with these tokens shows. */
async function shown(pathToken: string | null, bearer: string | null): Promise<readonly string[]> {
  const request = new IncomingMessage(new Socket());
  if (bearer !== null) request.headers.authorization = `Bearer ${bearer}`;
  const found = await identify(identification, request, pathToken);
  return "scripts" in found ? found.scripts.map(({ ref }) => `${ref.key}.${ref.attempt}`) : [found.code];
}

describe("who makes a request", () => {
  it("is one attempt where path and header show it both, which is not asked for twice", async () => {
    expect(await shown("first", "first")).to.deep.equal(["7.1"]);
    expect(await shown("first", "first-again")).to.deep.equal(["7.1"]);
  });

  it("are two attempts where path and header show two", async () => {
    expect(await shown("first", "retried")).to.deep.equal(["7.1", "7.2"]);
    expect(await shown("first", "other")).to.deep.equal(["7.1", "8.1"]);
  });

  it("is the one attempt whose token is good", async () => {
    expect(await shown("first", "wrong")).to.deep.equal(["7.1"]);
    expect(await shown("wrong", "first")).to.deep.equal(["7.1"]);
    expect(await shown(null, "first")).to.deep.equal(["7.1"]);
    expect(await shown("first", null)).to.deep.equal(["7.1"]);
    expect(await shown("wrong", "wrong")).to.deep.equal(["UNAUTHORIZED"]);
  });
});
