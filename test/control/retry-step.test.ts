/** A retry of one step really runs it again, and its stage and run go on. */
import { expect } from "chai";
import { onEachDatabase } from "../system/databases.js";
import { prints, stage, told } from "./flow.js";
import { failsUntil, heard, notes, say, says, starts, waits } from "./signals.js";

onEachDatabase("retry of a step", {}, (system) => {
  const scripts = { work: `${notes}; ${failsUntil("mend")}`, ok: notes };
  const ok = (id: string, ...dependsOn: string[]) => ({ id, name: "ok", dependsOn });
  const retry = async (runId: string, stepId: string, cascade = false) => {
    const answer = await system.server.api.post(
      `/runs/${runId}/steps/${stepId}/retry${cascade ? "?cascade=true" : ""}`,
    );
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    expect(answer.body.step).to.include({ id: stepId, error: null });
    return answer.body.cascadedSteps as string[];
  };
  const refused = async (runId: string, stepId: string) => {
    const { status, body } = await system.server.api.post(`/runs/${runId}/steps/${stepId}/retry`);
    return [status, body.code];
  };
  const completes = async (runId: string) => {
    const run = await system.server.api.ended(runId);
    expect(run, JSON.stringify(run.error)).to.include({
      status: "completed",
      error: null,
      terminationReason: null,
    });
    const unfinished = (await system.server.api.steps(runId)).filter(({ status }) => status === "pending");
    expect(unfinished.map(({ id }) => id as string)).to.deep.equal([]);
    return run;
  };

  it("without cascade runs it again, and what its failure cancelled; stage and run go on and complete", async () => {
    const { api } = system.server;
    const flow = system.flows.add(
      "plain",
      told({
        "/": prints(stage("one", [ok("before"), { id: "work", dependsOn: ["before"] }, ok("after", "work")])),
        "one/": prints(stage("two", [ok("last")], { final: true })),
      }),
      scripts,
    );
    const failed = await api.runToEnd(flow);
    expect(failed.status).to.equal("failed");
    say(system, failed.id, "mend");
    expect(await retry(failed.id, "work")).to.deep.equal([]);
    const run = await completes(failed.id);
    expect(run.stages.map((each: { status: string }) => each.status)).to.deep.equal([
      "completed",
      "completed",
    ]);
    expect(starts(system, run.id)).to.deep.equal(["before 1", "work 1", "work 2", "after 1", "last 1"]);
    expect((await api.step(run.id, "work")).attempts).to.have.length(2);
  });

  it("that fails again fails the run again, and calls back for that", async () => {
    const { api } = system.server;
    const flow = system.flows.add(
      "fails-again",
      told({ "/": prints(stage("one", ["work"])), "/one": notes }),
      scripts,
    );
    const failed = await api.runToEnd(flow);
    await retry(failed.id, "work", true);
    const run = await api.ended(failed.id);
    expect([run.status, run.error.code]).to.deep.equal(["failed", "STEP_FAILED"]);
    expect(starts(system, run.id)).to.deep.equal(["work 1", "flow 1", "work 2", "flow 1"]);
  });

  it("with cascade resets exactly what depends on it, however alike the ids are", async () => {
    const { api } = system.server;
    const flow = system.flows.stage(
      "cascade",
      stage(
        "s",
        [
          { id: "step-1", name: "work", allowFailure: true },
          ok("step-10", "step-1"),
          ok("step-100", "step-10"),
          ok("step-1_0"),
          ok("step-11", "step-1_0"),
          ok("step", "step-11"),
          ok("1", "step-11", "step-100"),
          { id: "many", name: "ok", instances: 3, dependsOn: ["step-10"] },
          { id: "many-more", name: "ok", instances: 2, dependsOn: ["step"] },
          ok("after-many", "many"),
          ok("after-one", "many.1"),
          ok("after-many-more", "many-more"),
        ],
        { final: true, output: "out" },
      ),
      scripts,
    );
    const first = await api.runToEnd(flow);
    expect(first.status, JSON.stringify(first.error)).to.equal("completed");
    const expected = [
      ...["step-10", "step-100", "1", "many.0", "many.1", "many.2", "after-many", "after-one"],
    ].sort();
    const all = (await api.steps(first.id)).map(({ id }) => id as string);

    say(system, first.id, "mend");
    expect((await retry(first.id, "step-1", true)).sort()).to.deep.equal(expected);
    const run = await completes(first.id);
    expect(run.output).to.equal("out");
    for (const { id, attempt, status } of await api.steps(first.id)) {
      expect(attempt, id).to.equal(id === "step-1" || expected.includes(id as string) ? 2 : 1);
      expect(status, id).to.equal("completed");
    }
    const order = starts(system, first.id).slice(all.length);
    expect(order[0]).to.equal("step-1 2");
    expect(order[1]).to.equal("step-10 2");
    const at = (id: string) => order.indexOf(`${id} 2`);
    for (const instance of ["many.0", "many.1", "many.2"])
      expect(at("after-many"), `${instance} first`).to.be.greaterThan(at(instance));
  });

  it("with cascade of one instance resets what waits for all of them, not the other instances", async () => {
    const { api } = system.server;
    const flow = system.flows.stage(
      "instance",
      stage(
        "s",
        [
          { name: "half", instances: 3, allowFailure: true },
          { name: "next", instances: 2, dependsOn: ["half"] },
          { id: "of-zero", name: "next", dependsOn: ["s.half.0"] },
          { id: "of-one", name: "next", dependsOn: ["s.half.1"] },
        ],
        { final: true },
      ),
      { half: `${notes}; [ "$MAXQ_SEQUENCE" != 1 ] || ${failsUntil("mend")}`, next: notes },
    );
    const first = await api.runToEnd(flow);
    expect(first.status, JSON.stringify(first.error)).to.equal("completed");
    say(system, first.id, "mend");
    expect((await retry(first.id, "s.half.1", true)).sort()).to.deep.equal([
      ...["of-one", "s.next.0", "s.next.1"],
    ]);
    await completes(first.id);
    const attempts = (await api.steps(first.id)).map(({ id, attempt }) => `${id} ${attempt}`);
    expect(attempts).to.deep.equal([
      ...["s.half.0 1", "s.half.1 2", "s.half.2 1"],
      ...["s.next.0 2", "s.next.1 2", "of-zero 1", "of-one 2"],
    ]);
  });

  it("without cascade of an allowed failure leaves the completed ones that depend on it alone", async () => {
    const { api } = system.server;
    const flow = system.flows.stage(
      "no-cascade",
      stage("s", [{ id: "work", allowFailure: true }, ok("after", "work")]),
      scripts,
    );
    const first = await api.runToEnd(flow);
    say(system, first.id, "mend");
    expect(await retry(first.id, "work")).to.deep.equal([]);
    await completes(first.id);
    expect(starts(system, first.id)).to.deep.equal(["work 1", "after 1", "work 2"]);
  });

  it("while its stage still runs has the stage go on and complete", async () => {
    const { api } = system.server;
    const flow = system.flows.stage(
      "meanwhile",
      stage("s", ["work", "slow", ok("after", "work"), ok("after-slow", "slow")], { final: true }),
      { ...scripts, slow: `${notes}; ${waits("go")}` },
    );
    const runId = await api.trigger(flow);
    await system.stepIs(runId, "work", "failed");
    await system.stepIs(runId, "slow", "running");
    say(system, runId, "mend");
    await retry(runId, "work");
    await system.stepIs(runId, "after", "completed");
    say(system, runId, "go");
    await completes(runId);
    expect(starts(system, runId)).to.include.members(["after 1", "after-slow 1", "work 2"]);
  });

  it("while the failure's callback or clean-up runs has the run complete without an error", async () => {
    const { api } = system.server;
    for (const slow of ["callback", "clean-up"]) {
      const hold = `${says("runs")}\n${waits("go")}`;
      const flow = system.flows.add(
        `during-${slow}`,
        told({
          "/": prints(stage("main", ["work", ok("after", "work")])),
          "/main": slow === "callback" ? hold : prints(stage("cleanup", ["hold"])),
        }),
        { ...scripts, hold },
      );
      const runId = await api.trigger(flow);
      await heard(system, runId, "runs");
      say(system, runId, "mend");
      await retry(runId, "work");
      await system.stepIs(runId, "after", "completed");
      say(system, runId, "go");
      await completes(runId);
    }
  });

  it("while the failure's callback runs, which then fails, has the run complete all the same", async () => {
    const { api } = system.server;
    const flow = system.flows.add(
      "handler-fails",
      told({
        "/": prints(stage("main", ["work", ok("after", "work")])),
        "/main": `${says("runs")}\n${waits("go")}\nexit 1`,
        "main/": prints(stage("last", [ok("last")], { final: true })),
      }),
      scripts,
    );
    const runId = await api.trigger(flow);
    await heard(system, runId, "runs");
    say(system, runId, "mend");
    await retry(runId, "work");
    await system.stepIs(runId, "after", "completed");
    say(system, runId, "go");
    await completes(runId);
    expect((await api.step(runId, "flow:2")).status).to.equal("failed");
    expect(starts(system, runId)).to.deep.equal(["work 1", "work 2", "after 1", "last 1"]);
  });

  it("of a paused run takes the failure back before the flow is told of it", async () => {
    const { api } = system.server;
    const flow = system.flows.add(
      "paused",
      told({ "/": prints(stage("main", ["held"])), "/main": "exit 1" }),
      { held: `${notes}; ${says("runs")}; ${waits("go")}; ${failsUntil("mend")}` },
    );
    const runId = await api.trigger(flow);
    await heard(system, runId, "runs");
    expect((await api.post(`/runs/${runId}/pause`)).status).to.equal(200);
    say(system, runId, "go");
    await system.stepIs(runId, "held", "failed");
    say(system, runId, "mend");
    await retry(runId, "held");
    expect((await api.step(runId, "held")).status, "it is still paused").to.equal("pending");
    expect((await api.run(runId)).status).to.equal("paused");
    expect((await api.post(`/runs/${runId}/resume`)).status).to.equal(200);
    await completes(runId);
    expect(starts(system, runId)).to.deep.equal(["held 1", "held 2"]);
  });

  it("whose failure a recover stage had handled has its stage and run go on", async () => {
    const { api } = system.server;
    const flow = system.flows.add(
      "handled",
      told({
        "/": prints(stage("main", ["work", ok("after", "work")])),
        "/main": prints(stage("rescue", [ok("rescue")], { recover: true })),
      }),
      scripts,
    );
    const first = await api.runToEnd(flow);
    expect(first.status, JSON.stringify(first.error)).to.equal("completed");
    say(system, first.id, "mend");
    await retry(first.id, "work");
    const run = await completes(first.id);
    expect(starts(system, run.id)).to.deep.equal(["work 1", "rescue 1", "work 2", "after 1"]);
    expect(run.stages[0]).to.include({ name: "main", status: "completed" });
  });

  it("of an aborted run starts that step, and what the abort cancelled with it", async () => {
    const { api } = system.server;
    const flow = system.flows.stage("aborted", stage("s", ["it", ok("after", "it")], { final: true }), {
      it: `${notes}; ${says("runs")}; ${waits("go")}`,
      ok: notes,
    });
    const runId = await api.trigger(flow);
    await heard(system, runId, "runs");
    expect((await api.post(`/runs/${runId}/abort`)).status).to.equal(200);
    say(system, runId, "go");
    await retry(runId, "it");
    await completes(runId);
    expect(starts(system, runId)).to.deep.equal(["it 1", "it 2", "after 1"]);
  });

  it("that runs, waits, has completed or is not there is refused", async () => {
    const { api } = system.server;
    const flow = system.flows.stage("refused", stage("s", [ok("done"), "it", ok("after", "it")]), {
      it: waits("go"),
      ok: ":",
    });
    const runId = await api.trigger(flow);
    await system.stepIs(runId, "it", "running");
    await system.stepIs(runId, "done", "completed");
    for (const id of ["it", "after", "done"])
      expect(await refused(runId, id), id).to.deep.equal([409, "STEP_NOT_OVER"]);
    expect(await refused(runId, "nobody")).to.deep.equal([404, "STEP_NOT_FOUND"]);
    say(system, runId, "go");
    expect((await api.ended(runId)).status).to.equal("completed");
    expect(await refused(runId, "it")).to.deep.equal([409, "STEP_NOT_OVER"]);
  });
});
