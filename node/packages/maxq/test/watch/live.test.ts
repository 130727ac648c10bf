import { expect } from "chai";
import stringWidth from "string-width";
import { painter } from "../../src/print/paint.js";
import { Progress } from "../../src/watch/progress.js";
import { LiveView } from "../../src/watch/view/live.js";
import { aStage, aStageEvent, aStep, aStepEvent, start } from "./a-run.js";
import { FakeScreen } from "./fake-screen.js";

describe("the live view", () => {
  function aView(screen: FakeScreen, now = start + 1000): { progress: Progress; view: LiveView } {
    const progress = new Progress("flow", start);
    progress.status = "running";
    return { progress, view: new LiveView(screen, progress, painter(null), () => now) };
  }

  it("writes once a frame and redraws in place", () => {
    const screen = new FakeScreen(100, 30);
    const { progress, view } = aView(screen);
    progress.addStage(aStage("fetch", 1), [aStep("get")]);
    view.draw();
    view.draw();
    expect(screen.writes).to.equal(2);
    expect(screen.lines.map((line) => line.trim())).to.have.length(3);
    expect(screen.lines[0]).to.match(/^● stage fetch +1\.0 s/);
    expect(screen.lines[1]).to.match(/^ {2}· get/);
    expect(screen.lines[2]).to.contain("flow · running · 0/1 steps · 1.0 s");
  });

  it("leaves what has ended in the scrollback", () => {
    const screen = new FakeScreen(100, 30);
    const { progress, view } = aView(screen);
    progress.addStage(aStage("one", 1), [aStep("a")]);
    view.draw();
    progress.apply(aStepEvent("a", "completed"));
    progress.apply(aStageEvent("one", "completed", start + 500));
    progress.addStage(aStage("two", 1), [aStep("b")]);
    view.draw();
    view.stop();
    expect(screen.lines.map((line) => line.trim().slice(0, 12).trim())).to.deep.equal([
      "✔ stage one",
      "✔ a",
      "● stage two",
      "· b",
    ]);
  });

  it("groups a large stage by name, with failures on top, in at most 14 rows", () => {
    const screen = new FakeScreen(100, 50);
    const { progress, view } = aView(screen);
    const steps = [...Array(200).keys()].map((n) => aStep(`s.work.${n}`, "work"));
    progress.addStage(aStage("s", 210), [
      ...steps,
      ...[...Array(10).keys()].map((n) => aStep(`merge-${n}`, `merge${n}`)),
    ]);
    progress.apply(aStepEvent("s.work.0", "completed"));
    progress.apply(aStepEvent("s.work.1", "running"));
    progress.apply(aStepEvent("s.work.150", "failed"));
    view.draw();
    expect(screen.lines).to.have.length(14);
    expect(screen.lines[0]).to.contain("1/210, 1 running, 1 failed");
    expect(screen.lines[1]).to.contain("✘ s.work.150");
    expect(screen.lines[2]).to.match(/✘ work ×200 +\S+ s +1\/200, 1 running, 1 failed/);
  });

  it("never writes a line wider than the terminal", () => {
    const screen = new FakeScreen(30, 24);
    const { progress, view } = aView(screen);
    progress.addStage(aStage("段階の名前がとても長い場合はどうなるのか", 1), [aStep("x".repeat(100))]);
    const step = progress.step("x".repeat(100));
    if (step !== null) step.line = "日本語の出力".repeat(20);
    view.draw();
    for (const line of screen.lines) expect(stringWidth(line)).to.be.below(30);
  });

  it("keeps within a terminal of few rows", () => {
    const screen = new FakeScreen(80, 6);
    const { progress, view } = aView(screen);
    progress.addStage(
      aStage("s", 9),
      [...Array(9).keys()].map((n) => aStep(`step-${n}`)),
    );
    view.draw();
    expect(screen.lines.length).to.be.at.most(4);
    expect(screen.lines.at(-1)).to.contain("rows not shown");
  });

  for (const columns of [80, 200]) {
    it(`shows a run of 200 steps in whole frames of at most 14 rows, ${columns} columns wide`, () => {
      const screen = new FakeScreen(columns, 40);
      const { progress, view } = aView(screen);
      const steps = [...Array(198).keys()].map((n) => aStep(`big.work.${n}`, "work"));
      progress.addStage(aStage("big", 200), [
        aStep("big.取得", "取得"),
        ...steps,
        aStep("big.merge", "merge"),
      ]);
      progress.usualMs = 5_000;
      for (const [index, { id }] of steps.entries()) {
        progress.apply(aStepEvent(id, "running"));
        progress.step(id)!.line = `part ${index}: 日本語の出力 🎉 ${"and more ".repeat(30)}`;
        view.draw();
        progress.apply(aStepEvent(id, index % 50 === 49 ? "failed" : "completed", start + index));
        view.draw();
        expect(screen.lines.length).to.be.at.most(14);
        for (const line of screen.lines) expect(stringWidth(line)).to.be.below(columns);
        expect(screen.lines[0]).to.contain(`${index + 1 - Math.floor((index + 1) / 50)}/200`);
        expect(screen.lines.at(-1)).to.contain(
          `flow · running · ${index + 1}/200 steps · 1.0 s · about 4.0 s left`,
        );
      }
      expect(screen.writes).to.equal(2 * steps.length);
      expect(screen.lines[1]).to.match(/^ {2}✘ big\.work\.49 .* part 49: 日本語/);
      progress.apply(aStageEvent("big", "failed", start + 900));
      view.stop();
      expect(screen.lines[0]).to.match(/^✘ stage big +900 ms {2}195\/200, 3 failed$/);
    });
  }

  it("counts a stage that is too large to be shown step by step as the server does", () => {
    const screen = new FakeScreen(100, 30);
    const { progress, view } = aView(screen);
    progress.addStage(aStage("huge", 100_000), []).counts = {
      ...aStage("huge", 99_000).counts,
      completed: 1_000,
    };
    view.draw();
    expect(screen.lines[0]).to.contain("1000/100000");
    expect(screen.lines[1]).to.contain("1000/100000 steps");
  });

  it("shows a stage again that is retried", () => {
    const screen = new FakeScreen(100, 30);
    const { progress, view } = aView(screen);
    progress.addStage(aStage("s", 1), [aStep("a")]);
    progress.apply(aStageEvent("s", "failed", start + 1));
    view.draw();
    progress.apply(aStageEvent("s", "running", start + 2));
    view.draw();
    expect(screen.lines[2]).to.match(/^● stage s/);
    progress.apply(aStageEvent("s", "completed", start + 3));
    view.draw();
    expect(screen.lines.filter((line) => line.includes("stage s")).map((line) => line[0])).to.deep.equal([
      "✘",
      "✔",
    ]);
  });

  it("asks below everything, and takes the question away", () => {
    const screen = new FakeScreen(40, 30);
    const { progress, view } = aView(screen);
    progress.addStage(
      aStage("s", 9),
      [...Array(9).keys()].map((n) => aStep(`step-${n}`)),
    );
    view.ask("What now? ".repeat(10));
    expect(screen.lines.at(-1)).to.match(/^What now\? /);
    expect(stringWidth(screen.lines.at(-1)!)).to.be.below(40);
    view.ask(null);
    expect(screen.lines.join()).not.to.contain("What now");
  });
});
