import { expect } from "chai";
import { cutToWidth } from "../../src/print/width.js";
import { duration, lastLine, plainLine, size } from "../../src/print/words.js";

describe("words for people", () => {
  it("says durations as people do", () => {
    expect([0, 450, 2_345, 12_345, 185_000, 7_620_000].map(duration)).to.deep.equal([
      "0 ms",
      "450 ms",
      "2.3 s",
      "12 s",
      "3 min 05 s",
      "2 h 07 min",
    ]);
  });

  it("says amounts of data as people do", () => {
    expect([0, 812, 1_000, 4_123_456, 7e12].map(size)).to.deep.equal([
      "0 bytes",
      "812 bytes",
      "1.0 kB",
      "4.1 MB",
      "7000.0 GB",
    ]);
  });

  it("finds the last line that says something, without colours, tabs and what moves the cursor", () => {
    expect(lastLine("first\n\x1b[32mdone\tnow\x1b[0m\x07\n\n  \n")).to.equal("done now");
    expect(lastLine("10 %\r50 %\r100 %\r\n")).to.equal("100 %");
    expect(lastLine("\n \n")).to.equal("");
  });

  it("makes a plain line of text that would turn the direction of what follows, and keeps letters of any script", () => {
    expect(plainLine("invoice\u202efdp.exe \u2067x\u2069\u2028y")).to.equal("invoicefdp.exe x y");
    expect(plainLine("שלום \u200fمرحبا")).to.equal("שלום \u200fمرحبا");
  });
});

describe("the width of text", () => {
  it("is cut by columns, not characters, between graphemes", () => {
    const cut = (text: string): string[] => [1, 2, 3, 4, 9].map((columns) => cutToWidth(text, columns));
    expect(cut("abcd")).to.deep.equal(["…", "a…", "ab…", "abcd", "abcd"]);
    expect(cut("日本語")).to.deep.equal(["…", "…", "日…", "日…", "日本語"]);
    expect(cut("👩‍👩‍👧e\u0301x")).to.deep.equal(["…", "…", "👩‍👩‍👧…", "👩‍👩‍👧e\u0301x", "👩‍👩‍👧e\u0301x"]);
    expect(cutToWidth("abc", 0)).to.equal("");
  });
});
