import { leftOutMark } from "@maxq/core";
import { expect } from "chai";
import { SentAgain } from "../src/sent-again.js";

/** What is handed out of these chunks, of which the last is the end. */
function take(text: SentAgain, ...chunks: readonly string[]): string {
  text.begin();
  const parts = chunks.flatMap((chunk) => [...text.take(Buffer.from(chunk))]);
  return Buffer.concat([...parts, ...text.end()]).toString();
}

describe("a text that is sent again from its beginning", () => {
  it("is handed out once, wherever it broke off", () => {
    const whole = "äpfel\n[1] birnen\n";
    for (let at = 0; at <= whole.length; at++) {
      const text = new SentAgain();
      expect(take(text, whole.slice(0, at)) + take(text, whole.slice(0, 3), whole.slice(3))).to.equal(whole);
    }
  });

  it("hands out a line at once, also where it may be followed by a mark", () => {
    const text = new SentAgain();
    expect(Buffer.concat([...text.take(Buffer.from("line\n"))]).toString()).to.equal("line\n");
  });

  it("counts what is left out as handed out, wherever the mark of it breaks", () => {
    const mark = leftOutMark(100);
    for (let at = 0; at <= mark.length; at++) {
      const text = new SentAgain();
      // 4 bytes of head, 100 that are missing, 4 of tail.
      expect(take(text, `head${mark.slice(0, at)}`, `${mark.slice(at)}tail`)).to.equal(`head${mark}tail`);
      expect(take(text, `head${leftOutMark(104)}more`), "the tail is not kept any more").to.equal("more");
    }
  });

  it("says how much is missing of what was not handed out", () => {
    const text = new SentAgain();
    expect(take(text, "head and more")).to.equal("head and more");
    expect(take(text, `head${leftOutMark(20)}tail`)).to.equal(`${leftOutMark(11)}tail`);
  });

  it("holds back nothing that cannot become a mark", () => {
    for (const line of ["[1/4] Resolving packages...", "[50%]", "[sudo] password: ", "[… 7 lines", "[… ab"]) {
      const text = new SentAgain();
      expect(Buffer.concat([...text.take(Buffer.from(`start\n${line}`))]).toString()).to.equal(
        `start\n${line}`,
      );
    }
  });

  it("leaves alone what only looks like a mark", () => {
    for (const line of ["[... 42 bytes left out ...]", "[foo 7 bytes left out bar]"])
      expect(take(new SentAgain(), `a\n${line}\nb\n`)).to.equal(`a\n${line}\nb\n`);
  });

  it("comes once, with each gap told, however the chunks of each pass were cut, bytes of a character as well", () => {
    const mark = leftOutMark(100);
    const first = Buffer.from(`HEAD${mark}TAIL1`);
    for (let broke = 0; broke <= first.length; broke++) {
      for (let cut = 0; cut <= broke; cut++) {
        const text = new SentAgain();
        text.begin();
        const passes = [first.subarray(0, cut), first.subarray(cut, broke)];
        const parts = passes.flatMap((chunk) => [...text.take(chunk)]);
        const told = `${Buffer.concat(parts).toString()}${take(text, `HEAD${mark}TAIL1`, "TAIL2\n")}`;
        expect(told.replace(/^(HEAD)\n?\n\[… (99|100) /, "$1\n[… 100 "), `${cut}, ${broke}`).to.equal(
          `HEAD${mark}TAIL1TAIL2\n`,
        );
      }
    }
  });
});
