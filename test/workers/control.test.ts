/** Abort and pause, from a server that runs nothing itself. */
import { until } from "@maxq/test-kit";
import { expect } from "chai";
import { readFileSync, writeFileSync } from "node:fs";
import { isAlive } from "../system/processes.js";
import { Crew } from "./crew.js";

const graceMs = 1000;
/** What is left of it when a worker is stopped, two thirds, outlasts what an abort waits for: the grace and two seconds. */
const leaseMs = 7500;

describe("a server whose run is on two other workers", function () {
  this.timeout(180_000);
  let crew: Crew;
  before(async () => {
    crew = await Crew.open({ MAXQ_ABORT_GRACE_MS: `${graceMs}`, MAXQ_LEASE_MS: `${leaseMs}` });
  });
  after(() => crew.close());

  const four = ["0", "1", "2", "3"];
  const pids = (prefix: string): number[] =>
    four.flatMap((n) =>
      readFileSync(crew.sign(`${prefix}.${n}`), "utf8")
        .trim()
        .split(" ")
        .map(Number),
    );

  it("pauses and resumes it", async () => {
    const work = `: >"$TEST_SIGNALS/paused.$MAXQ_SEQUENCE"; until [ -e "$TEST_SIGNALS/on" ]; do sleep 0.05; done`;
    crew.flows.stage(
      "paused",
      { stage: "s", final: true, steps: [{ name: "work", instances: 8 }] },
      { work },
    );
    await crew.aWorker(2);
    await crew.aWorker(2);
    const runId = await crew.api.trigger("paused");
    await until("four run", () => crew.signed(...four.map((n) => `paused.${n}`)));
    const paused = await crew.api.post(`/runs/${runId}/pause`);
    expect(paused.body).to.deep.include({ processesKilled: 0 });
    writeFileSync(crew.sign("on"), "");
    for (const n of four) await crew.api.stepIs(runId, `s.work.${n}`, "completed");
    await until("both have nothing", async () => {
      const { body } = await crew.api.get("/workers");
      return body.data.every(({ running }: { running: number }) => running === 0);
    });
    expect((await crew.api.run(runId)).status).to.equal("paused");
    expect((await crew.api.steps(runId, "&status=pending")).length).to.equal(4);
    await crew.api.post(`/runs/${runId}/resume`);
    expect((await crew.api.ended(runId)).status).to.equal("completed");
  });

  it("has no output of what runs there yet, and its commands say so", async () => {
    const work = `echo hello; : >"$TEST_SIGNALS/said"; until [ -e "$TEST_SIGNALS/end" ]; do sleep 0.05; done`;
    crew.flows.stage("far", { stage: "s", final: true, steps: [{ name: "work" }] }, { work });
    const runId = await crew.api.trigger("far");
    await until("it has printed", () => crew.signed("said"));
    expect(await crew.api.step(runId, "s.work")).to.deep.include({ stdout: "", stdoutBytes: 0 });
    for (const args of [
      ["logs", runId, "s.work"],
      ["logs", runId],
      ["show", runId, "s.work"],
    ]) {
      const program = crew.start("cli", args, { MAXQ_URL: crew.server.url });
      await program.ended;
      expect(program.output(), args[0]).to.match(/runs? still.* another worker.*`maxq logs -f`/);
      expect(program.output(), args[0]).not.to.contain("hello");
    }
    writeFileSync(crew.sign("end"), "");
    await crew.api.ended(runId);
    expect((await crew.api.step(runId, "s.work")).stdout).to.equal("hello\n");
  });

  const stubborn = (prefix: string): string =>
    `trap '' TERM; setsid sleep 600 & echo "$$ $!" >"$TEST_SIGNALS/new.$$"; mv "$TEST_SIGNALS/new.$$" "$TEST_SIGNALS/${prefix}.$MAXQ_SEQUENCE"
     while :; do sleep 0.1; done`;

  it("aborts it: all trees are gone when the answer comes, which counts them", async () => {
    const stage = { stage: "s", final: true, steps: [{ name: "work", instances: 4 }] };
    crew.flows.stage("stubborn", stage, { work: stubborn("tree") });
    const runId = await crew.api.trigger("stubborn");
    await until("four run", () => crew.signed(...four.map((n) => `tree.${n}`)));
    const begin = performance.now();
    const answer = await crew.api.post(`/runs/${runId}/abort`);
    const took = performance.now() - begin;
    expect(pids("tree").filter(isAlive)).to.deep.equal([]);
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    expect(answer.body).to.deep.include({ processesKilled: 4 });
    expect(answer.body.run.status).to.equal("aborted");
    console.log(`      all gone after ${Math.round(took)} ms (grace ${graceMs} ms)`);
  });

  it("answers 202 while a worker cannot be reached, and the run is aborted when its lease has ended", async () => {
    const stage = { stage: "s", final: true, steps: [{ name: "work", instances: 4 }] };
    crew.flows.stage("unreached", stage, { work: stubborn("held") });
    const third = await crew.aWorker(2);
    const runId = await crew.api.trigger("unreached");
    await until("four run", () => crew.signed(...four.map((n) => `held.${n}`)));
    const { body } = await crew.api.get("/workers");
    const busy = body.data.filter(({ running }: { running: number }) => running > 0);
    expect(busy.length).to.be.greaterThan(1);
    const all = crew.stopAll();
    const answer = await crew.api.post(`/runs/${runId}/abort`);
    expect([answer.status, answer.body.run.status]).to.deep.equal([202, "running"]);
    await until("nothing of it lives", () => pids("held").filter(isAlive).length === 0);
    for (const worker of all) if (worker !== third) worker.kill("SIGCONT");
    expect((await crew.api.ended(runId)).status).to.equal("aborted");
    third.kill("SIGCONT");
  });
});
