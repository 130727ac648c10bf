import { expect } from "chai";
import { parseOutputFields } from "../../src/index.js";

describe("fields from $MAXQ_OUTPUT", () => {
  it("come from key=value lines, as text to the end of the line", () => {
    const { fields, warnings } = parseOutputFields("count=3\nurl=http://x/?a=b\nempty=\nspaces=  kept \r\n");
    expect(fields).to.deep.equal({ count: "3", url: "http://x/?a=b", empty: "", spaces: "  kept " });
    expect(warnings).to.deep.equal([]);
  });

  it("come from JSON objects, with their types", () => {
    expect(parseOutputFields('{"a":1,"b":[true]}\n{"c":{"d":null}}\n').fields).to.deep.equal({
      a: 1,
      b: [true],
      c: { d: null },
    });
  });

  it("come from one JSON object over several lines", () => {
    expect(parseOutputFields('{\n  "a": 1,\n  "b": "x=y"\n}\n').fields).to.deep.equal({ a: 1, b: "x=y" });
  });

  it("are merged in order", () => {
    expect(parseOutputFields('a=1\n{"a":2,"b":3}\nb=4\n').fields).to.deep.equal({ a: 2, b: "4" });
  });

  it("may have any name, that of a prototype included", () => {
    const { fields } = parseOutputFields('__proto__=x\n{"constructor":1}');
    expect(Object.keys(fields)).to.deep.equal(["__proto__", "constructor"]);
  });

  it("leave out empty lines and comments", () => {
    expect(parseOutputFields("\n# a comment=1\n\na=1\n")).to.deep.equal({ fields: { a: "1" }, warnings: [] });
  });

  it("are what is left when bad lines are warned of, by number", () => {
    const { fields, warnings } = parseOutputFields('a=1\nhello\n=x\n{"b":\n[1]\nc d=1\ne=2');
    expect(fields).to.deep.equal({ a: "1", e: "2" });
    expect(warnings).to.have.length(5);
    expect(warnings[0]).to.equal("line 2 of $MAXQ_OUTPUT was ignored: write key=value or a JSON object");
    expect(warnings[1]).to.match(/^line 3 /);
    expect(warnings[4]).to.match(/^line 6 .*"c d" cannot be a key/);
  });
});
