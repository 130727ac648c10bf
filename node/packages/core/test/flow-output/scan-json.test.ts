import { expect } from "chai";
import fc from "fast-check";
import { scanJson } from "@maxq/core";

function parses(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

describe("scanning JSON", () => {
  it("ends where the value ends", () => {
    expect(scanJson('x {"a":[1,2]} y', 2)).to.deep.equal({ ok: true, end: 13 });
    expect(scanJson('"a\\"b" c', 0)).to.deep.equal({ ok: true, end: 6 });
  });

  it("agrees with JSON.parse on every value", () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        expect(scanJson(text, 0)).to.deep.equal({ ok: true, end: text.length });
      }),
    );
  });

  it("agrees with JSON.parse on text that is nearly JSON", () => {
    const pieces = fc.constantFrom(
      "{",
      "}",
      "[",
      "]",
      ",",
      ":",
      '"a"',
      '"',
      "1",
      "-",
      "01",
      "1.",
      "1e5",
      "tru",
      "true",
      "null",
      " ",
      "\n",
      "\\",
      '"\\u00e9"',
      '"\\x"',
    );
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 8 }), (parts) => {
        const text = parts.join("");
        const scan = scanJson(text, 0);
        expect(scan.ok && text.slice(scan.end).trim() === "").to.equal(parses(text));
      }),
      { numRuns: 5000 },
    );
  });
});
