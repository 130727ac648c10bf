import { expect } from "chai";
import { Follower } from "../../src/runner/follower.js";

describe("a follower", () => {
  let heard: string;
  let follower: Follower;
  beforeEach(() => {
    heard = "";
    follower = new Follower(
      (stream, chunk, leftOut) =>
        (heard += `${leftOut > 0 ? `<${leftOut}>` : ""}${stream === "stdout" ? "" : "!"}${chunk.toString()} `),
    );
  });
  const hear = (offset: number, text: string, stream: "stdout" | "stderr" = "stdout") =>
    follower.hear(stream, offset, Buffer.from(text));

  it("begins at the beginning: what was on its way when it joined comes again after it", () => {
    hear(3, "def");
    hear(0, "abc");
    hear(3, "def");
    hear(6, "g");
    expect(heard).to.equal("abc def g ");
  });

  it("hears nothing twice, of each stream by itself", () => {
    hear(0, "abc");
    hear(0, "ABC", "stderr");
    hear(0, "abcdef");
    hear(0, "");
    hear(2, "cd");
    hear(4, "efg");
    hear(1, "BCD", "stderr");
    expect(heard).to.equal("abc !ABC def g !D ");
  });

  it("leaps where something is missing, tells how much, and never goes back", () => {
    hear(0, "abc");
    hear(10, "klm");
    hear(5, "fgh");
    expect(heard).to.equal("abc <7>klm ");
  });

  it("is told the rest by what was kept, head and tail", () => {
    const kept = { bytes: 20, head: 4, kept: Buffer.from("abcdqrst") };
    hear(0, "ab");
    follower.hearKept("stdout", kept);
    follower.hearKept("stdout", kept);
    follower.hearKept("stderr", { bytes: 2, head: 4, kept: Buffer.from("xy") });
    expect(heard).to.equal("ab cd <12>qrst !xy ");
  });

  it("is told of the end of what is not kept at all", () => {
    follower.hearKept("stdout", { bytes: 20, head: 0, kept: Buffer.alloc(0) });
    follower.end();
    expect(heard).to.equal("<20> ");
  });

  it("hears whole characters, however they come", () => {
    const bytes = Buffer.from("aé€𝄞z");
    for (const [at] of bytes.entries()) follower.hear("stdout", at, bytes.subarray(at, at + 1));
    follower.end();
    expect(heard).to.equal("a é € 𝄞 z ");
  });

  it("hears nothing of a character that lost a part, and is told so", () => {
    const bytes = Buffer.from("a€….€z");
    follower.hear("stdout", 0, bytes.subarray(0, 3));
    follower.hear("stdout", 9, bytes.subarray(9));
    follower.end();
    expect(heard).to.equal("a <10>z ");
  });

  it("hears what is no text, too, at the end at the latest", () => {
    const chunks: Buffer[] = [];
    follower = new Follower((_stream, chunk) => chunks.push(chunk));
    const bytes = Buffer.from([0xff, 0x80, 0x80, 0x80, 0x80, 0x80, 0x61, 0xe2, 0x82]);
    for (const [at] of bytes.entries()) follower.hear("stdout", at, bytes.subarray(at, at + 1));
    follower.end();
    expect(Buffer.concat(chunks)).to.deep.equal(bytes);
  });
});
