/** The judge of the crash suite finds what it is there for. */
import { aFolder } from "@maxq/test-kit";
import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { DoneFault } from "../faults/driver.js";
import type { LoadedRun } from "../load/load.js";
import type { EntryPlan, RunPlan } from "../load/plan.js";
import { Evidence } from "./evidence.js";
import { judgeEnd } from "./judge.js";
import { judgeLines } from "./order.js";
import type { RunRow, StepRow } from "./rows.js";

const entry = (id: string, dependsOn: string[] = [], parts: Partial<EntryPlan> = {}): EntryPlan => ({
  id,
  dependsOn,
  instances: 1,
  ms: 1,
  failsUntil: 0,
  maxRetries: 0,
  allowFailure: false,
  leavesProcesses: false,
  ...parts,
});

const stage = (name: string, ...entries: EntryPlan[]) => ({
  name,
  failFast: false,
  recover: false,
  final: false,
  entries,
});

const aRun = (...entries: EntryPlan[]): LoadedRun => {
  const plan: RunPlan = {
    flowName: "r0",
    dialect: "stdout",
    stages: [stage("s0", ...entries)],
    onFailure: null,
    control: null,
  };
  return { id: "run", plan, abortAnswer: null, over: true };
};

const step = (id: string, parts: Partial<StepRow> = {}): StepRow => ({
  runId: "run",
  kind: "step",
  id,
  stage: "s0",
  status: "completed",
  attempt: 1,
  losses: 0,
  error: null,
  ...parts,
});

const row = (status: string, ...steps: StepRow[]): RunRow => ({ id: "run", status, error: null, steps });

/** Lines as scripts write them, a second apart: `begin a 1`, on worker w1 unless a fourth word says otherwise. */
const evidence = (...lines: string[]): Evidence => {
  const file = join(aFolder("evidence"), "evidence");
  const text = lines.map((line, n) => {
    const [word, subject, attempt, worker = "w1"] = line.split(" ");
    return `${word} run ${subject} ${attempt} ${worker} 99 ${100 + n}.5`;
  });
  writeFileSync(file, text.join("\n"));
  return new Evidence(file);
};

const killedBoth = (worker: number, at: number): DoneFault => ({
  plan: { kind: "kill both", worker, forMs: 0, clockMs: 0, nth: 1, pauseMs: 0 },
  at,
  over: at,
});

describe("the judge of the crash suite, of what scripts wrote", () => {
  const chain = aRun(entry("a"), entry("b", ["a"]));
  const both = row("completed", step("a"), step("b"));
  const rules = (run: LoadedRun, its: RunRow, lines: Evidence, faults: DoneFault[] = []): string[] =>
    judgeLines(run, its, lines, faults).map(({ rule }) => rule);
  const good = ["begin a 1", "end a 1", "begin b 1", "end b 1"];

  it("is content with a run in order", () => {
    expect(rules(chain, both, evidence(...good))).to.deep.equal([]);
  });

  it("is content with a step that was lost and ran again", () => {
    const its = row("completed", step("a", { attempt: 2 }), step("b"));
    const lines = evidence("begin a 1", "begin a 2", "end a 2", "begin b 1", "end b 1");
    expect(rules(chain, its, lines)).to.deep.equal([]);
  });

  it("finds a dependent that began before the end of the recorded attempt", () => {
    expect(rules(chain, both, evidence("begin a 1", "begin b 1", "end a 1", "end b 1"))).to.deep.equal([
      "dependent early",
    ]);
    const again = row("completed", step("a", { attempt: 2 }), step("b"));
    const lines = evidence("begin a 1", "end a 1", "begin b 1", "begin a 2", "end a 2", "end b 1");
    expect(rules(chain, again, lines)).to.deep.equal(["dependent early"]);
  });

  it("is content with a dependent of a step that was lost too often, which was allowed, and not before that was", () => {
    const run = aRun(entry("a", [], { allowFailure: true }), entry("b", ["a"]));
    const error = '{"code":"WORKER_LOST"}';
    const its = row("completed", step("a", { status: "failed", attempt: 2, losses: 4, error }), step("b"));
    const lost = ["begin a 1", "begin a 2"];
    expect(rules(run, its, evidence(...lost, "begin b 1", "end b 1"))).to.deep.equal([]);
    expect(rules(run, its, evidence("begin a 1", "begin b 1", "begin a 2", "end b 1"))).to.deep.equal([
      "dependent early",
    ]);
  });

  it("finds two live scripts of one step", () => {
    expect(rules(chain, both, evidence("begin a 1", "overlap a 1", ...good.slice(1)))).to.deep.equal([
      "overlap",
    ]);
  });

  it("finds an attempt that was started twice, and a step that was started after its end", () => {
    expect(rules(chain, both, evidence("begin a 1", ...good))).to.deep.equal(["started twice"]);
    expect(rules(chain, both, evidence(...good, "begin a 2"))).to.deep.equal(["ran after its end"]);
  });

  it("finds an outcome that no script had", () => {
    expect(rules(chain, both, evidence(...good.slice(0, 3)))).to.deep.equal(["outcome"]);
  });

  it("allows to meet what an earlier attempt left only where engine and launcher were killed at once", () => {
    const its = row("completed", step("a", { attempt: 2 }));
    const run = aRun(entry("a"));
    const lines = evidence("begin a 1", "remains a 2 w2", "begin a 2 w2", "end a 2 w2");
    expect(rules(run, its, lines)).to.deep.equal(["remains"]);
    expect(rules(run, its, lines, [killedBoth(1, 100_900)])).to.deep.equal(["remains"]);
    expect(rules(run, its, lines, [killedBoth(0, 100_900)])).to.deep.equal([]);
  });
});

describe("the judge of the crash suite, of how runs ended", () => {
  const rules = (run: LoadedRun, its: RunRow | undefined): string[] =>
    judgeEnd(run, its).map(({ rule }) => rule);
  const failing = entry("b", ["a"], { failsUntil: "always" });

  it("finds a run that is gone, one that hangs, and a step that is not there", () => {
    expect(rules(aRun(entry("a")), undefined)).to.deep.equal(["lost run"]);
    expect(rules(aRun(entry("a")), row("running", step("a", { status: "running" })))).to.include("hang");
    expect(rules(aRun(entry("a"), entry("b")), row("completed", step("a")))).to.deep.equal(["lost step"]);
  });

  it("knows what a failure stops", () => {
    const run = aRun(entry("a"), failing, entry("c", ["b"]), entry("d", ["a"]));
    const ends = (c: string, d: string): RunRow =>
      row(
        "failed",
        step("a"),
        step("b", { status: "failed" }),
        step("c", { status: c }),
        step("d", { status: d }),
      );
    expect(rules(run, ends("cancelled", "completed"))).to.deep.equal([]);
    expect(rules(run, ends("completed", "completed"))).to.deep.equal(["step status"]);
    expect(rules(run, ends("cancelled", "cancelled"))).to.deep.equal(["step status"]);
  });

  it("lets an allowed failure release what waits for it", () => {
    const run = aRun(entry("a", [], { failsUntil: "always", allowFailure: true }), entry("b", ["a"]));
    expect(rules(run, row("completed", step("a", { status: "failed" }), step("b")))).to.deep.equal([]);
    expect(rules(run, row("failed", step("a", { status: "failed" }), step("b")))).to.deep.equal(["status"]);
  });

  it("holds an abort to what it was answered", () => {
    const aborted = { ...aRun(entry("a")), abortAnswer: 200 };
    expect(rules(aborted, row("aborted", step("a", { status: "aborted" })))).to.deep.equal([]);
    expect(rules(aborted, row("completed", step("a")))).to.deep.equal(["abort"]);
    expect(rules(aRun(entry("a")), row("aborted", step("a")))).to.deep.equal(["abort"]);
    expect(rules({ ...aborted, abortAnswer: 409 }, row("completed", step("a")))).to.deep.equal([]);
  });
});
