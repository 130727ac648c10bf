import { expect } from "chai";
import { defaultLimits, type Limits } from "@maxq/core";
import * as executor from "../../src/index.js";

const parseOutputFields = (text: string, limits: Partial<Limits> = {}): executor.OutputFields =>
  executor.parseOutputFields(text, { ...defaultLimits, ...limits });

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

  it("may come after a byte order mark", () => {
    for (const text of ["a=1", "# a comment\na=1", '{"a":"1"}', '{\n"a":"1"\n}\n', '{"b":1}\na=1\n{"b":2}'])
      expect(parseOutputFields(`\ufeff${text}`), text).to.deep.equal(parseOutputFields(text));
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

  it("are refused where they would be over HTTP, and a sentence says why", () => {
    const long = "k".repeat(256);
    for (const [text, warning, limits] of [
      ['{"":1}', '$MAXQ_OUTPUT was ignored: "" cannot be a key'],
      [`{"${long}":1}`, "cannot be a key"],
      [`${long}=1`, "cannot be a key"],
      [String.raw`{"a\u0000":1}`, "cannot be a key"],
      ['{"n":1e999}', "has a number that is too large for JavaScript"],
      [`{"n":${"[".repeat(5000)}${"]".repeat(5000)}}`, "more than 64 levels deep (MAXQ_MAX_JSON_DEPTH)"],
      ['{"a":[1,2,3,4,5,6]}', "more than 8 values (MAXQ_MAX_JSON_VALUES)", { jsonValues: 8 }],
      [`b=${"x".repeat(100)}`, "may take 100 bytes (MAXQ_MAX_FIELD_BYTES)", { fieldBytes: 100 }],
    ] as const) {
      const { fields, warnings } = parseOutputFields(`${text}\na=1`, limits);
      expect(fields, text).to.deep.equal({ a: "1" });
      expect(warnings.join(), text).to.contain(warning);
    }
    expect(parseOutputFields('{"":1,"a":2}')).to.deep.equal({
      fields: { a: 2 },
      warnings: ['$MAXQ_OUTPUT was ignored: "" cannot be a key'],
    });
  });

  it("are looked for in a file whose lines only begin like objects, as of a program's text: it held the engine for minutes", () => {
    for (const line of ["{", "{x}"]) {
      const { fields, warnings } = parseOutputFields(`${`${line}\n`.repeat(4_000_000)}a=1`);
      expect(fields).to.deep.equal({ a: "1" });
      expect(warnings.at(-1)).to.equal("3999980 more of what is in $MAXQ_OUTPUT was ignored, too.");
    }
  });

  it("take no more than all of them may, whatever was in them before", () => {
    const values = ["x".repeat(60), "y", "z".repeat(60)];
    const text = values.map((value) => `a=${value}`).join("\n");
    const { fields, warnings } = parseOutputFields(text, { fieldBytes: 100 });
    expect(fields).to.deep.equal({ a: values[2] });
    expect(warnings).to.deep.equal([]);
  });

  it("are looked for in a file that has none without a warning for each of its lines", () => {
    const { fields, warnings } = parseOutputFields("x\n".repeat(1_000_000) + "a=1\n");
    expect(fields).to.deep.equal({ a: "1" });
    expect(warnings).to.have.length(21);
    expect(warnings.at(-1)).to.equal("999980 more of what is in $MAXQ_OUTPUT was ignored, too.");
  });
});
