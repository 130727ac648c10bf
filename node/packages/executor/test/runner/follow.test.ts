import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { leftOutMark, type ScriptProcess } from "@maxq/core";
import { isAlive, until } from "../processes.js";
import { onBothLaunchers, type Workshop } from "../workshop.js";

/** What one listener hears of a stream. */
class Ear {
  text = "";
  readonly stop: () => void;

  constructor(script: ScriptProcess, stream: "stdout" | "stderr" = "stdout") {
    const stop = script.follow((from, chunk, leftOut) => {
      if (from !== stream) return;
      if (leftOut > 0) this.text += leftOutMark(leftOut);
      this.text += chunk.toString("latin1");
    });
    if (stop === null) throw new Error("it is over already");
    this.stop = stop;
  }
}

/** A script that has done `first` and does `then` once it is let go. */
async function halfWay(
  workshop: Workshop,
  first: string,
  then: string,
): Promise<{ script: ScriptProcess; pid: number; go: () => void }> {
  const go = workshop.fifo(`${workshop.flowName}.go`);
  const up = workshop.file(`${workshop.flowName}.up`);
  workshop.script("halves", `${first}\necho $$ >${up}\nread -r <${go}\n${then}`);
  const script = workshop.start("halves");
  const [pid = 0] = await workshop.pidsIn(`${workshop.flowName}.up`);
  return { script, pid, go: () => writeFileSync(go, "\n") };
}

/** What was printed by `seq` is there, or a mark says how much is not: no line is made of two. */
function expectWhole(text: string, bytes: number): void {
  const mark = /\n\[… (\d+) bytes left out …\]\n/g;
  const marks = [...text.matchAll(mark)];
  expect(marks, "marks").not.to.deep.equal([]);
  const leftOut = marks.reduce((sum, [, left]) => sum + Number(left), 0);
  expect(text.replaceAll(mark, "").length + leftOut).to.equal(bytes);
  for (const part of text.split(mark).filter((_, at) => at % 2 === 0)) {
    const numbers = part
      .split("\n")
      .slice(1, -1)
      .filter((line) => line !== "end")
      .map(Number);
    expect(
      numbers.every((n, at) => at === 0 || n === numbers[at - 1]! + 1),
      part.slice(0, 200),
    ).to.equal(true);
  }
}

onBothLaunchers("following a script", (workshop) => {
  it("begins with what it printed before, of each stream", async () => {
    const print = "echo $WORD; echo $WORD >&2";
    const { script, go } = await halfWay(workshop(), `WORD=first; ${print}`, `WORD=then; ${print}`);
    const [out, err] = [new Ear(script), new Ear(script, "stderr")];
    await until("the first half is heard", () => out.text !== "" && err.text !== "");
    expect([out.text, err.text]).to.deep.equal(["first\n", "first\n"]);
    go();
    await script.ended;
    expect([out.text, err.text]).to.deep.equal(["first\nthen\n", "first\nthen\n"]);
  });

  it("gives all to everybody who joins, and nothing twice to who was there", async () => {
    const { script, go } = await halfWay(workshop(), "seq 1 100", "seq 101 200");
    const ears = [new Ear(script)];
    await until("the first hears", () => ears[0]!.text.endsWith("100\n"));
    ears.push(new Ear(script), new Ear(script));
    const leaves = new Ear(script);
    await until("all hear", () => [...ears, leaves].every(({ text }) => text.endsWith("100\n")));
    leaves.stop();
    go();
    const { stdout } = await script.ended;
    for (const { text } of ears) expect(text).to.equal(stdout.text);
    expect(`${leaves.text}101\n`).to.equal(stdout.text.slice(0, leaves.text.length + 4));
  });

  it("gives all of a script that ended before the launcher was asked", async () => {
    const { script, pid, go } = await halfWay(workshop(), ":", "echo hello");
    go();
    while (isAlive(pid)); // the loop of this process stands still: it cannot have heard of the end
    const ear = new Ear(script);
    await script.ended;
    expect(ear.text).to.equal("hello\n");
  });

  it("leaps over what is not kept, and tells where and how much", async () => {
    const { script, go } = await halfWay(workshop(), "seq 1 100000", "echo end");
    const ear = new Ear(script);
    go();
    expect((await script.ended).stdout.bytes).to.equal(588_899);
    expect(ear.text).to.match(/^1\n2\n3\n[^]*\n99999\n100000\nend\n$/);
    expect(ear.text.length).to.be.lessThan(100_000);
    expectWhole(ear.text, 588_899);
  });

  it("tells whoever joins late what is not kept, as the captured text does", async () => {
    const { script, go } = await halfWay(workshop(), "seq 1 100000", "echo end");
    const ear = new Ear(script);
    await until("the end of the first half is heard", () => ear.text.endsWith("100000\n"));
    expectWhole(ear.text, 588_895);
    go();
    await script.ended;
    expectWhole(ear.text, 588_899);
  });

  it("tells from the beginning what this process was too slow for", async () => {
    const { script, pid, go } = await halfWay(workshop(), "echo begin", "seq 1 2000000; echo end");
    const ear = new Ear(script);
    await until("it is followed", () => ear.text === "begin\n");
    go();
    while (isAlive(pid)); // the loop of this process stands still: it takes nothing
    expect((await script.ended).stdout.bytes).to.equal(14_888_906);
    expect(ear.text).to.match(/\n2000000\nend\n$/);
    expectWhole(ear.text, 14_888_906);
  });

  it("can be had of until now, as it would be captured, however often and by however many", async () => {
    const print = "seq 1 100000; echo oops >&2";
    const { script, go } = await halfWay(workshop(), print, "echo end");
    const captured = (text: string) => ({ text, bytes: Buffer.byteLength(text), truncated: false });
    const ear = new Ear(script);
    const [one, two] = await Promise.all([script.soFar(8192), script.soFar(8192)]);
    expect(one).to.deep.equal(two);
    expect(await script.soFar(8192)).to.deep.equal(one);
    expect(one!.stderr).to.deep.equal(captured("oops\n"));
    expect(one!.stdout).to.deep.include({ bytes: 588_895, truncated: true });
    expect(one!.stdout.text).to.match(/\n99999\n100000\n$/);
    expect(one!.stdout.text.length).to.be.at.most(8192);
    expectWhole(one!.stdout.text, 588_895);
    go();
    const { stdout } = await script.ended;
    expect(stdout.bytes).to.equal(588_899);
    expectWhole(ear.text, 588_899);
    expect(await script.soFar(8192)).to.equal(null);
  });

  it("can be had of until now where nothing was printed", async () => {
    const { script, go } = await halfWay(workshop(), ":", "echo end");
    const nothing = { text: "", bytes: 0, truncated: false };
    expect(await script.soFar(8192)).to.deep.equal({ stdout: nothing, stderr: nothing });
    go();
    expect((await script.ended).stdout.text).to.equal("end\n");
  });

  it("is not to be had of one that has ended", async () => {
    workshop().script("short", "exit 0");
    const script = workshop().start("short");
    await script.ended;
    expect(script.follow(() => {})).to.equal(null);
  });
});
