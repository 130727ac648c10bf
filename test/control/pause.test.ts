/** A pause lets what runs finish and starts nothing; a resume goes on exactly there. */
import { expect } from "chai";
import { onEachDatabase } from "../system/databases.js";
import { posts, prints, stage, told } from "./flow.js";
import { heard, notes, say, says, starts, waits } from "./signals.js";

onEachDatabase("pause", {}, (system) => {
  const control = async (runId: string, action: "pause" | "resume") => {
    const answer = await system.server.api.post(`/runs/${runId}/${action}`);
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    return answer.body;
  };
  const restarted = async () => {
    expect(await system.server.stop()).to.equal(0);
    await system.restart();
  };
  const states = async (runId: string) => {
    const steps = await system.server.api.steps(runId);
    return Object.fromEntries(steps.map((step) => [step.id, step.status]));
  };
  /** A run of another flow comes to its end: had the worker anything of a paused run to start, it would have started it. */
  const anotherRunEnds = async () => {
    const flow = system.flows.stage("another", stage("s", ["it"], { final: true }), { it: ":" });
    expect((await system.server.api.runToEnd(flow)).status).to.equal("completed");
  };
  const twoStages = told({
    "/": `${notes}\n${prints(stage("one", ["a", "b", { id: "c", dependsOn: ["a"] }]))}`,
    "one/": `${notes}\n${prints(stage("two", ["d"], { final: true }))}`,
  });
  const twoStagesSteps = {
    a: `${notes}; ${says("a-runs")}; ${waits("go")}; exit 0`,
    b: notes,
    c: notes,
    d: notes,
  };

  it("lets a running step finish, starts nothing, survives a restart, and a resume runs nothing again", async () => {
    const flow = system.flows.add("paused", twoStages, twoStagesSteps);
    const runId = await system.server.api.trigger(flow);
    await heard(system, runId, "a-runs");
    await system.stepIs(runId, "b", "completed");
    const paused = await control(runId, "pause");
    expect(paused.run.status).to.equal("paused");
    expect(paused.processesKilled).to.equal(0);

    say(system, runId, "go");
    await system.stepIs(runId, "a", "completed");
    expect(await system.server.api.step(runId, "a")).to.include({ exitCode: 0, attempt: 1 });
    await anotherRunEnds();
    expect(await states(runId)).to.deep.equal({ a: "completed", b: "completed", c: "pending" });
    await restarted();
    await anotherRunEnds();
    expect((await system.server.api.run(runId)).status).to.equal("paused");
    expect(await states(runId)).to.deep.equal({ a: "completed", b: "completed", c: "pending" });

    expect((await control(runId, "resume")).run.status).to.equal("running");
    const run = await system.server.api.ended(runId);
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
    expect(starts(system, runId).sort()).to.deep.equal(["a 1", "b 1", "c 1", "d 1", "flow 1", "flow 1"]);
  });

  it("records the exit code of what fails meanwhile; its retry waits for the resume", async () => {
    const { api } = system.server;
    const flow = system.flows.stage(
      "fails-meanwhile",
      stage("one", [{ id: "a", maxRetries: 1 }, "b"], { final: true, failFast: false }),
      { a: `${notes}; ${says("a-runs")}; ${waits("go")}; exit $((MAXQ_ATTEMPT == 1 ? 3 : 0))`, b: ":" },
    );
    const runId = await api.trigger(flow);
    await heard(system, runId, "a-runs");
    await control(runId, "pause");
    say(system, runId, "go");
    await system.stepIs(runId, "a", "pending");
    await anotherRunEnds();
    expect((await api.step(runId, "a")).attempts[0]).to.include({ status: "failed", exitCode: 3 });
    expect(starts(system, runId)).to.deep.equal(["a 1"]);
    await control(runId, "resume");
    expect((await api.ended(runId)).status).to.equal("completed");
    expect(starts(system, runId)).to.deep.equal(["a 1", "a 2"]);
  });

  for (const [dialect, asks] of [
    ["printed", prints],
    ["posted", posts],
  ] as const) {
    it(`while flow.sh runs: the stage that it ${dialect} is stored, not started`, async () => {
      const { api } = system.server;
      const first = `${notes}\n${says("flow-runs")}\n${waits("go")}\n${asks(stage("one", ["a"], { final: true }))}`;
      const flow = system.flows.add(`in-flow-${dialect}`, told({ "/": first }), { a: notes });
      const runId = await api.trigger(flow);
      await heard(system, runId, "flow-runs");
      await control(runId, "pause");
      say(system, runId, "go");
      await system.stepIs(runId, "flow:1", "completed");
      await anotherRunEnds();
      expect((await api.run(runId)).stages[0]).to.include({ name: "one", status: "pending" });
      expect(await states(runId)).to.deep.equal({ a: "pending" });
      expect(starts(system, runId)).to.deep.equal(["flow 1"]);
      await control(runId, "resume");
      const run = await api.ended(runId);
      expect(run.status, JSON.stringify(run.error)).to.equal("completed");
      expect(starts(system, runId)).to.deep.equal(["flow 1", "a 1"]);
    });
  }

  it("at the last step of a stage holds the callback back", async () => {
    const { api } = system.server;
    const cases = {
      "/": `${notes}\n${prints(stage("one", ["a"]))}`,
      "one/": `${notes}\n${prints(stage("two", ["d"], { final: true }))}`,
    };
    const flow = system.flows.add("callback-waits", told(cases), twoStagesSteps);
    const runId = await api.trigger(flow);
    await heard(system, runId, "a-runs");
    await control(runId, "pause");
    say(system, runId, "go");
    await system.stepIs(runId, "a", "completed");
    await anotherRunEnds();
    expect(starts(system, runId)).to.deep.equal(["flow 1", "a 1"]);
    await control(runId, "resume");
    expect((await api.ended(runId)).status).to.equal("completed");
    expect(starts(system, runId).sort()).to.deep.equal(["a 1", "d 1", "flow 1", "flow 1"]);
  });

  it("again and again, under maxParallel, loses no step", async () => {
    const { api } = system.server;
    const many = [{ name: "it", instances: 30 }];
    const flow = system.flows.stage("bounded", stage("s", many, { final: true, maxParallel: 2 }), {
      it: notes,
    });
    const runId = await api.trigger(flow);
    for (let n = 0; n < 5; n++) {
      if ((await api.post(`/runs/${runId}/pause`)).status === 409) break;
      await control(runId, "resume");
    }
    expect((await api.ended(runId)).status).to.equal("completed");
    expect(starts(system, runId)).to.have.length(30);
  });

  it("of a run that is over is 409; twice is 200, and so is a resume of what is not paused", async () => {
    const { api } = system.server;
    const flow = system.flows.stage("over", stage("s", ["it"], { final: true }), { it: waits("go") });
    const runId = await api.trigger(flow);
    await system.stepIs(runId, "it", "running");
    expect((await control(runId, "resume")).run.status).to.equal("running");
    for (const time of ["first", "second"])
      expect((await control(runId, "pause")).run.status, time).to.equal("paused");
    for (const time of ["first", "second"])
      expect((await control(runId, "resume")).run.status, time).to.equal("running");
    say(system, runId, "go");
    expect((await api.ended(runId)).status).to.equal("completed");
    for (const action of ["pause", "resume"]) {
      const answer = await api.post(`/runs/${runId}/${action}`);
      expect([answer.status, answer.body.code], action).to.deep.equal([409, "RUN_OVER"]);
    }
  });
});
