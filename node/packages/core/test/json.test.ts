import { expect } from "chai";
import fc from "fast-check";
import { canonicalJson, jsonBytes, unfitJson, type Json } from "@maxq/core";

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
