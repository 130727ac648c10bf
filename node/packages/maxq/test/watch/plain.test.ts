import { expect } from "chai";
import { painter } from "../../src/print/paint.js";
import { Progress } from "../../src/watch/progress.js";
import { foldingOf, type Folding } from "../../src/watch/view/folding.js";
import { PlainView } from "../../src/watch/view/plain.js";
import { aStage, aStageEvent, aStep, aStepEvent, start } from "./a-run.js";

/** Shows steps `s.work.N` of one stage as they end, and answers the lines. */
function shown(total: number, failed: readonly number[], folding: Folding | null = null): string[] {
  const lines: string[] = [];
  const progress = new Progress("flow", start);
  const view = new PlainView((line) => lines.push(line), progress, painter(null), folding);
  const steps = [...Array(total).keys()].map((n) => aStep(`s.work.${n}`, "work"));
  progress.addStage(aStage("s", total), steps);
  view.start();
  for (const [n, { id }] of steps.entries()) {
    progress.apply(aStepEvent(id, "running"));
    view.ended(progress.apply(aStepEvent(id, failed.includes(n) ? "failed" : "completed", start + 10)));
  }
  view.ended(progress.apply(aStageEvent("s", failed.length > 0 ? "failed" : "completed", start + 20)));
  view.stop();
  return lines;
}

describe("the plain view", () => {
  it("writes a line for each step and stage that ends", () => {
    expect(shown(2, [])).to.deep.equal([
      "  ✔ s.work.0 (10 ms)",
      "  ✔ s.work.1 (10 ms)",
      "✔ stage s (20 ms): 2/2",
    ]);
  });

  it("tells of a large stage what failed, once, and the rest in groups", () => {
    expect(shown(200, [7, 90])).to.deep.equal([
      "  ✘ s.work.7 (10 ms)",
      "  ✘ s.work.90 (10 ms)",
      "  ✘ work ×200 (10 ms): 198/200, 2 failed",
      "✘ stage s (20 ms): 198/200, 2 failed",
    ]);
  });

  it("folds a stage that completed, where a CI folds", () => {
    const github = foldingOf({ GITHUB_ACTIONS: "true" });
    expect(shown(2, [], github)).to.deep.equal([
      "::group::✔ stage s (20 ms): 2/2",
      "  ✔ s.work.0 (10 ms)",
      "  ✔ s.work.1 (10 ms)",
      "::endgroup::",
    ]);
    expect(
      shown(
        1,
        [],
        foldingOf({ GITLAB_CI: "true" }, () => 5_000),
      )[0],
    ).to.equal("\x1b[0Ksection_start:5:maxq_1[collapsed=true]\r\x1b[0K✔ stage s (20 ms)");
    expect(foldingOf({ CI: "1" })).to.equal(null);
  });

  it("never folds what failed, nor its stage", () => {
    const lines = shown(3, [1], foldingOf({ GITHUB_ACTIONS: "true" }));
    expect(lines).to.deep.equal([
      "  ✘ s.work.1 (10 ms)",
      "  ✔ s.work.0 (10 ms)",
      "  ✔ s.work.2 (10 ms)",
      "✘ stage s (20 ms): 2/3, 1 failed",
    ]);
  });
});
