import { expect } from "chai";
import { Follower } from "../../src/runner/follower.js";

describe("a follower", () => {
  let heard: string;
  let follower: Follower;
  beforeEach(() => {
    heard = "";
    follower = new Follower(
      (stream, chunk) => (heard += `${stream === "stdout" ? "" : "!"}${chunk.toString()} `),
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

  it("leaps where something is missing, and never goes back", () => {
    hear(0, "abc");
    hear(10, "klm");
    hear(5, "fgh");
    expect(heard).to.equal("abc klm ");
  });

  it("is told the rest by what was kept, head and tail", () => {
    const kept = { bytes: 20, head: 4, kept: Buffer.from("abcdqrst") };
    hear(0, "ab");
    follower.hearKept("stdout", kept);
    follower.hearKept("stdout", kept);
    follower.hearKept("stderr", { bytes: 2, head: 4, kept: Buffer.from("xy") });
    expect(heard).to.equal("ab cd qrst !xy ");
  });
});
