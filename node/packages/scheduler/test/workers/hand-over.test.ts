import type { ScriptRunner, ScriptStart } from "@maxq/core";
import { expect } from "chai";
import { Site } from "./site.js";

const STEPS = 200;
/** Says that it begins and that it ends; the one whose number is in $SITE/bad fails. */
const short = `
echo "+$MAXQ_SEQUENCE" >>"$SITE/log"
read -r bad <"$SITE/bad"
[ "$bad" = "$MAXQ_SEQUENCE" ] && exit 1
echo "-$MAXQ_SEQUENCE" >>"$SITE/log"`;

describe("a worker that hands short steps to its launcher beyond its slots", () => {
  let site: Site;
  /** The most steps that the runner had at a time. */
  let most: number;

  async function open(slots: number): Promise<void> {
    site = await Site.open({ settings: { slots: { steps: slots, calls: 2, batch: 100 } } });
    most = 0;
    site.runner = counting(site.runner, (now) => (most = Math.max(most, now)));
    site.worker = site.makeWorker();
    site.oneStage("fan", { steps: [{ name: "short", instances: STEPS }] }, { short });
    site.write("bad", "none\n");
    await site.worker.start();
  }
  afterEach(() => site.close());

  const log = () => (site.has("log") ? site.read("log").trimEnd().split("\n") : []);
  const begun = () => log().filter((line) => line.startsWith("+"));
  const aQuarterHasBegun = () =>
    site.until("a quarter has begun", () => (begun().length >= STEPS / 4 ? true : null));

  it("runs each once, and never more than its slots at a time", async () => {
    await open(2);
    expect((await site.run("fan")).status).to.equal("completed");
    expect(new Set(begun())).to.have.property("size", STEPS);
    expect(begun()).to.have.length(STEPS);
    let running = 0;
    for (const line of log()) expect((running += line.startsWith("+") ? 1 : -1)).to.be.at.most(2);
    expect(most).to.be.within(3, 4);
  });

  it("starts nothing of a stage after the step that fails", async () => {
    await open(1);
    for (const bad of [60, 100, 140]) {
      site.write("log", "");
      site.write("bad", `${bad}\n`);
      const run = await site.run("fan");
      expect(run.status).to.equal("failed");
      expect(log().at(-1)).to.equal(`+${bad}`);
      const counts = (await site.store.listStages(run.id))[0]?.counts;
      expect(counts).to.deep.include({ failed: 1, completed: begun().length - 1 });
    }
    expect(most).to.equal(2);
  });

  it("starts nothing of a run that is paused, and the rest of it, each once, when it goes on", async () => {
    await open(2);
    const runId = await site.trigger("fan");
    await aQuarterHasBegun();
    await site.store.pauseRun(runId);
    await site.until("the worker is at rest", () => {
      const { runningSteps, queued, unrecorded } = site.worker.status();
      return runningSteps + queued + unrecorded === 0 ? true : null;
    });
    const before = begun().length;
    await site.worker.runOnce();
    expect(begun()).to.have.length(before);
    expect(before).to.be.lessThan(STEPS);
    await site.store.resumeRun(runId);
    expect((await site.over(runId)).status).to.equal("completed");
    expect(begun()).to.have.length(STEPS);
  });

  it("starts nothing of a run that was aborted", async () => {
    await open(2);
    const runId = await site.trigger("fan");
    await aQuarterHasBegun();
    await site.store.abortRun(runId);
    expect((await site.over(runId)).status).to.equal("aborted");
    const before = begun().length;
    await site.worker.runOnce();
    expect(begun()).to.have.length(before);
    expect(before).to.be.lessThan(STEPS);
  });

  it("leaves to the next worker what had not begun when it was stopped, and nothing runs twice", async () => {
    await open(2);
    const runId = await site.trigger("fan");
    await aQuarterHasBegun();
    await site.worker.stop({ drainMs: 20_000, graceMs: 1000 });
    expect(log().length).to.equal(2 * begun().length);
    const steps = await site.steps(runId);
    expect(steps.filter(({ status }) => status === "completed")).to.have.length(begun().length);
    site.worker = site.makeWorker();
    await site.worker.start();
    expect((await site.over(runId)).status).to.equal("completed");
    expect(begun()).to.have.length(STEPS);
  });
});

/** Tells how many steps were started and have not ended, each time that one is started. */
function counting(runner: ScriptRunner, tell: (now: number) => void): ScriptRunner {
  let now = 0;
  const start = (script: ScriptStart): ReturnType<ScriptRunner["start"]> => {
    const process = runner.start(script);
    if (script.kind === "step") {
      tell(++now);
      void process.ended.then(() => now--);
    }
    return process;
  };
  return new Proxy(runner, {
    get(target, name) {
      const value: unknown = name === "start" ? start : Reflect.get(target, name, target);
      return typeof value === "function" ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
}
