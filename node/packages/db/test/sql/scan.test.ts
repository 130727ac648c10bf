import { scanStatement } from "@maxq/db";
import { expect } from "chai";

describe("scanning a statement", () => {
  it("finds its parameters in order, each once", () => {
    const { parameters, positional } = scanStatement("update run set a = :b, c = :a where d = :b");
    expect(parameters).to.deep.equal(["b", "a"]);
    expect(positional).to.equal("update run set a = $1, c = $2 where d = $1");
  });

  it("finds each place of theirs", () => {
    const { anonymous, inOrder } = scanStatement("update run set a = :b, c = :a where d = :b");
    expect(anonymous).to.equal("update run set a = ?, c = ? where d = ?");
    expect(inOrder).to.deep.equal(["b", "a", "b"]);
  });

  it("knows a cast from a parameter", () => {
    expect(scanStatement("select :id::uuid, x::text").positional).to.equal("select $1::uuid, x::text");
  });

  for (const [what, text] of [
    ["strings", "select ':a', 'it''s :b'"],
    ["strings with escapes", String.raw`select E'\' :a', 'x' like '\' escape '\'`],
    ["quoted identifiers", 'select 1 as ":a"'],
    ["comments", "select 1 -- :a\n/* :b */"],
    ["dollar quotes", "do $$ :a $$; "],
    ["named dollar quotes", "do $x$ $$ :a $$ $x$"],
    ["slices", "select list[1:n], list[i:j]"],
  ] as const)
    it(`sees none in ${what}`, () => {
      expect(scanStatement(text)).to.deep.equal({
        parameters: [],
        positional: text,
        anonymous: text,
        inOrder: [],
      });
    });

  it("refuses a second statement", () => {
    expect(() => scanStatement("select 1; select 2;")).to.throw("more than one statement");
  });

  it("refuses nested comments", () => {
    expect(() => scanStatement("select /* a /* b */ :c */ 1")).to.throw("nests comments");
  });
});
