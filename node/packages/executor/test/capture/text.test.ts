import { expect } from "chai";
import fc from "fast-check";
import { RingCapture } from "../../src/capture/ring.js";
import { capturedText } from "../../src/capture/text.js";

const MARKER = /\n\[… (\d+) bytes left out …\]\n/;

function capture(bytes: Buffer, cap: number, chunk = 1000): ReturnType<typeof capturedText> {
  const ring = new RingCapture(cap);
  for (let at = 0; at < bytes.length; at += chunk) ring.push(bytes.subarray(at, at + chunk));
  return capturedText({ bytes: ring.bytes, head: ring.head, kept: ring.kept() }, cap);
}

describe("captured text", () => {
  it("is everything that fits", () => {
    expect(capture(Buffer.from("hello"), 1000)).to.deep.equal({ text: "hello", bytes: 5, truncated: false });
    expect(capture(Buffer.from("x".repeat(1000)), 1000).truncated).to.equal(false);
  });

  it("gives the end the most of the room", () => {
    const { text } = capture(Buffer.from(`${"a".repeat(5000)}${"z".repeat(5000)}`), 1000);
    expect(text.match(/z/g)!.length).to.be.greaterThan(2 * text.match(/a/g)!.length);
  });

  it("is the end alone where there is no room for a marker", () => {
    expect(capture(Buffer.from("0123456789"), 4).text).to.equal("789");
    expect(capture(Buffer.from("0123456789"), 0).text).to.equal("");
    expect(capture(Buffer.from("€€€"), 4).text).to.equal("€");
  });

  it("accounts for every byte of valid text, never splits a character, and keeps within the cap", () => {
    const text = fc
      .string({ unit: "binary", minLength: 0, maxLength: 3000 })
      .map((s) => s.replaceAll("\0", "."));
    fc.assert(
      fc.property(
        text,
        fc.integer({ min: 300, max: 2000 }),
        fc.integer({ min: 1, max: 700 }),
        (all, cap, chunk) => {
          const bytes = Buffer.from(all.toWellFormed(), "utf8");
          const result = capture(bytes, cap, chunk);
          expect(Buffer.byteLength(result.text)).to.be.at.most(cap);
          expect(result.truncated).to.equal(bytes.length > cap);
          if (!result.truncated) expect(result.text).to.equal(bytes.toString());
          else {
            const { index, 0: marker, 1: left } = MARKER.exec(result.text)!;
            const [head, tail] = [result.text.slice(0, index), result.text.slice(index + marker.length)];
            expect(bytes.toString().startsWith(head)).to.equal(true);
            expect(bytes.toString().endsWith(tail)).to.equal(true);
            expect(Buffer.byteLength(head + tail) + Number(left)).to.equal(bytes.length);
          }
        },
      ),
    );
  });

  it("is valid text within the cap, whatever the bytes are", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 4000 }), fc.integer({ min: 0, max: 2000 }), (raw, cap) => {
        const { text, bytes } = capture(Buffer.from(raw), cap);
        expect(Buffer.byteLength(text)).to.be.at.most(cap);
        expect(text.isWellFormed()).to.equal(true);
        expect(text).not.to.contain("\0");
        expect(bytes).to.equal(raw.length);
      }),
    );
  });
});
