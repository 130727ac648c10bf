import { expect } from "chai";
import fc from "fast-check";
import { canonicalJson, hasMoreValues, jsonBytes, unfitJson, type Json } from "@maxq/core";

describe("the depth of JSON", () => {
  it("counts arrays and objects", () => {
    expect(unfitJson(1, 0)).to.equal(null);
    expect(unfitJson([], 0)).to.equal("depth");
    expect(unfitJson({ a: [1] }, 2)).to.equal(null);
    expect(unfitJson({ a: [{}] }, 2)).to.equal("depth");
  });

  it("is told of what would overflow the stack", () => {
    const deep: unknown = JSON.parse("[".repeat(1_000_000) + "]".repeat(1_000_000));
    expect(unfitJson(deep, 64)).to.equal("depth");
    expect(unfitJson(deep, 1_000_000)).to.equal(null);
  });
});

describe("the number of values in a JSON text", () => {
  /** Arrays and objects count once more for what they hold first. */
  function count(value: unknown): number {
    if (typeof value !== "object" || value === null) return 1;
    const inside = Array.isArray(value) ? value : Object.entries(value).flat();
    return 1 + inside.reduce((sum: number, each) => sum + count(each), 0);
  }

  it("counts what is inside others and keys, and not what stands in texts", () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), fc.constantFrom(0, 2), (value, indent) => {
        const filled = [value, 1];
        const text = JSON.stringify(filled, null, indent).replaceAll("[]", "[0]").replaceAll("{}", '{"a":0}');
        const values = count(JSON.parse(text));
        if (text.length / 2 > values) expect(hasMoreValues(text, values)).to.equal(false);
        if (text.length / 2 > values - 1) expect(hasMoreValues(text, values - 1)).to.equal(true);
      }),
    );
    expect(hasMoreValues(String.raw`["\\\"[,[,[,[,",",,,,,,,,"]`, 3)).to.equal(false);
    expect(hasMoreValues(String.raw`["a\\",1,2,3,4,5,6]`, 7)).to.equal(true);
    expect(hasMoreValues('["no end, no end, no end, no end, no end', 2)).to.equal(false);
  });

  it("is told soon of a long text", () => {
    expect(hasMoreValues(`[${"{},".repeat(5_000_000)}1]`, 1_000_000)).to.equal(true);
    expect(hasMoreValues(`["${String.raw`\"`.repeat(5_000_000)}"]`, 1_000_000)).to.equal(false);
  });
});

describe("canonical JSON", () => {
  it("is the same for equal values, and holds them", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value as Json);
        expect(JSON.parse(text)).to.deep.equal(JSON.parse(JSON.stringify(value)));
        expect(canonicalJson(JSON.parse(text) as Json)).to.equal(text);
      }),
    );
    expect(canonicalJson({ b: 1, a: { d: 1, c: [2, 1] } })).to.equal('{"a":{"c":[2,1],"d":1},"b":1}');
  });

  it("is measured in bytes of UTF-8", () => {
    expect(jsonBytes("é")).to.equal(4);
  });
});
