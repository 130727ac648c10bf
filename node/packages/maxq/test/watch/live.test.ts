import type { Stage, Step, StepStatus } from "@maxq/core";
import { expect } from "chai";
import stringWidth from "string-width";
import { painter } from "../../src/print/paint.js";
import { Progress } from "../../src/watch/progress.js";
import { LiveView, type Screen } from "../../src/watch/view/live.js";

const start = 1_000_000;

function aStage(name: string, steps: number): Stage {
  const counts = { pending: steps, running: 0, completed: 0, failed: 0, cancelled: 0, aborted: 0 };
  return { name, status: "running", counts, createdAt: start, startedAt: start, completedAt: null } as Stage;
}

function aStep(id: string, name = id): Step {
  return { id, name, status: "pending", attempt: 0, startedAt: null, completedAt: null } as Step;
}

function aStepEvent(id: string, status: StepStatus, at = start) {
  return { id: "1.0", at, type: "step", data: { id, status, attempt: 1 } } as const;
}

/** A terminal that understands what the view writes: up, clear line, clear below. Remembers the scrollback. */
class FakeScreen implements Screen {
  lines: string[] = [];
  #row = 0;
  writes = 0;
  constructor(
    readonly columns: number,
    readonly rows: number,
  ) {}

  write(text: string): void {
    this.writes += 1;
    for (const [, up, other] of text.matchAll(/\x1b\[(\d+)A|(\x1b\[2K|\x1b\[J|\r|\n|[^\x1b\r\n]+)/g)) {
      if (up !== undefined) this.#row -= Number(up);
      else if (other === "\x1b[2K") this.lines[this.#row] = "";
      else if (other === "\x1b[J") this.lines.length = this.#row;
      else if (other === "\n") this.#row += 1;
      else if (other !== undefined && other !== "\r")
        this.lines[this.#row] = (this.lines[this.#row] ?? "") + other;
    }
  }
}

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
    progress.apply({ id: "1.1", at: start + 500, type: "stage", data: { name: "one", status: "completed" } });
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
});
