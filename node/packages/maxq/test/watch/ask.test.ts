import { PassThrough } from "node:stream";
import type { ReadStream } from "node:tty";
import { expect } from "chai";
import { askWhatNow, choiceOf } from "../../src/watch/ask.js";
import type { View } from "../../src/watch/view/view.js";

describe("the question of Ctrl-C", () => {
  it("is answered with one key; Enter, a second Ctrl-C and the end of input detach", () => {
    expect(["d", "\r", "\x03", "\x04", "a", "A", "g", "\x1b", "x"].map(choiceOf)).to.deep.equal([
      ...["detach", "detach", "detach", "detach", "abort", "abort", "go on", "go on"],
      null,
    ]);
  });

  it("leaves the terminal as it was, whatever else is pressed before", async () => {
    const modes: boolean[] = [];
    const asked: (string | null)[] = [];
    const stdin = Object.assign(new PassThrough(), { setRawMode: (mode: boolean) => modes.push(mode) });
    const view = { ask: (question: string | null) => asked.push(question) } as unknown as View;
    const first = askWhatNow(stdin as unknown as ReadStream, view);
    const second = askWhatNow(stdin as unknown as ReadStream, view);
    stdin.write("x");
    stdin.write("a");
    expect(await first).to.equal("abort");
    expect(await second).to.equal("abort");
    expect(modes).to.deep.equal([true, false]);
    expect(asked.map((question) => question === null)).to.deep.equal([false, true]);
    expect(stdin.isPaused()).to.equal(true);
    expect(stdin.listenerCount("data")).to.equal(0);
  });
});
