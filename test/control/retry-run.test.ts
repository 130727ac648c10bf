/** A run that failed or was aborted goes on by a retry, and runs nothing again that was completed. */
import { expect } from "chai";
import { join } from "node:path";
import { onEachDatabase } from "../system/databases.js";
import { eventsOf, statesOf } from "./events.js";
import { posts, prints, stage, told } from "./flow.js";
import { failsUntil, heard, notes, say, says, starts, waits } from "./signals.js";

onEachDatabase("retry of a run", { env: { MAXQ_ABORT_GRACE_MS: "1000" } }, (system) => {
  /** `flow` notes what it is told; `work` notes its start and fails until the test says `mend`. */
  const flowNotes = `echo "flow $MAXQ_COMPLETED_STAGE/$MAXQ_FAILED_STAGE $MAXQ_ATTEMPT" >> "$TEST_SIGNALS/$MAXQ_RUN_ID.starts"`;
  const scripts = { work: `${notes}; ${failsUntil("mend")}`, ok: notes };
  const add = (name: string, cases: Readonly<Record<string, string>>) =>
    system.flows.add(name, `${flowNotes}\n${told(cases)}`, scripts);
  const failed = async (flow: string) => {
    const run = await system.server.api.runToEnd(flow, { n: 0 });
    expect(run.status).to.equal("failed");
    return run;
  };
  const retried = async (runId: string) => {
    const answer = await system.server.api.post(`/runs/${runId}/retry`);
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    expect(answer.body.run).to.include({
      id: runId,
      error: null,
      terminationReason: null,
      completedAt: null,
    });
  };
  const completes = async (runId: string) => {
    const run = await system.server.api.ended(runId);
    expect(run, JSON.stringify(run.error)).to.include({
      status: "completed",
      error: null,
      terminationReason: null,
    });
    return run;
  };
  const work = [{ id: "work", name: "work" }];

  for (const [what, more] of [
    ["a final clean-up", { final: true }],
    ["a clean-up", {}],
  ] as const) {
    it(`after a failure whose callback scheduled ${what} runs the failed stage again and completes`, async () => {
      const { api } = system.server;
      const flow = add(`retry-after-${"final" in more}`, {
        "/": prints(stage("main", work)),
        "/main": prints(stage("cleanup", [{ id: "clean", name: "ok" }], more)),
        "main/": prints(stage("last", [{ id: "last", name: "ok" }], { final: true })),
      });
      const { id } = await failed(flow);
      await retried(id);
      expect((await api.ended(id)).status, "not mended yet").to.equal("failed");
      say(system, id, "mend");
      await retried(id);
      const run = await completes(id);
      const states = run.stages.map((each: { name: string; status: string; superseded: boolean }) => [
        each.name,
        each.status,
        each.superseded,
      ]);
      expect(states).to.deep.equal([
        ["main", "completed", false],
        ["cleanup", "completed", true],
        ["cleanup", "completed", true],
        ["last", "completed", false],
      ]);
      const noted = starts(system, id).filter((line) => !line.startsWith("flow"));
      expect(noted).to.deep.equal(["work 1", "clean 1", "work 2", "clean 1", "work 3", "last 1"]);
    });
  }

  it("after a failed final stage runs it again and completes", async () => {
    const flow = add("final-fails", {
      "/": prints(stage("one", [{ id: "one", name: "ok" }])),
      "one/": prints(stage("two", work, { final: true, output: "done" })),
    });
    const { id } = await failed(flow);
    say(system, id, "mend");
    await retried(id);
    expect((await completes(id)).output).to.equal("done");
    expect(starts(system, id)).to.deep.equal([
      "flow / 1",
      "one 1",
      "flow one/ 1",
      "work 1",
      "flow one/two 1",
      "work 2",
    ]);
  });

  it("after its failure handler exited 1 runs the failed stage again, and the handler no more", async () => {
    const flow = add("handler-exits-1", {
      "/": prints(stage("main", work, { final: true })),
      "/main": "echo Stage $MAXQ_FAILED_STAGE failed; exit 1",
    });
    const { id } = await failed(flow);
    say(system, id, "mend");
    await retried(id);
    await completes(id);
    expect(starts(system, id)).to.deep.equal(["flow / 1", "work 1", "flow /main 1", "work 2"]);
  });

  it("that failed in its third stage runs neither of the first two again", async () => {
    const { api } = system.server;
    const flow = add("third-stage", {
      "/": prints(stage("one", [{ id: "a", name: "ok" }])),
      "one/": posts(stage("two", [{ id: "b", name: "ok", dependsOn: ["a"] }])),
      "two/": prints(
        stage("three", [
          { id: "c", name: "ok" },
          { id: "work", dependsOn: ["c"] },
          { id: "d", name: "ok", dependsOn: ["work"] },
        ]),
      ),
    });
    const { id } = await failed(flow);
    const before = await Promise.all(["a", "b", "c"].map((step) => api.step(id, step)));
    say(system, id, "mend");
    await retried(id);
    await completes(id);
    expect(await Promise.all(["a", "b", "c"].map((step) => api.step(id, step)))).to.deep.equal(before);
    expect(starts(system, id)).to.deep.equal([
      ...["flow / 1", "a 1", "flow one/ 1", "b 1", "flow two/ 1", "c 1", "work 1"],
      ...["flow two/three 1", "work 2", "d 1", "flow three/ 1"],
    ]);
    const stages = statesOf(await eventsOf(api, id), "stage", "three");
    expect(stages).to.deep.equal(["pending", "running", "failed", "running", "completed"]);
  });

  it("whose flow call failed calls flow.sh again with the same variables", async () => {
    const { api } = system.server;
    const flow = add("flow-fails", {
      "/": prints(stage("one", [{ id: "one", name: "ok" }])),
      "one/": `env | grep -E '^MAXQ_(RUN_ID|FLOW_NAME|COMPLETED_STAGE|FAILED_STAGE)=' | sort > "$TEST_SIGNALS/$MAXQ_RUN_ID.env$MAXQ_ATTEMPT"
        cat "$MAXQ_INPUT" >> "$TEST_SIGNALS/$MAXQ_RUN_ID.env$MAXQ_ATTEMPT"
        ${failsUntil("mend")} || exit 5
        ${prints(stage("two", [{ id: "two", name: "ok" }], { final: true }))}`,
    });
    const run = await failed(flow);
    expect(run.error).to.deep.include({ code: "FLOW_FAILED" });
    say(system, run.id, "mend");
    await retried(run.id);
    await completes(run.id);
    const [first, second] = await Promise.all(["env1", "env2"].map((word) => heard(system, run.id, word)));
    expect(second).to.equal(first);
    expect(first).to.include("MAXQ_COMPLETED_STAGE=one\nMAXQ_FAILED_STAGE=\n");
    const call = await api.step(run.id, "flow:2");
    expect(call).to.include({ status: "completed", attempt: 2 });
    expect(call.attempts[0]).to.include({ status: "failed", exitCode: 5 });
    expect(starts(system, run.id)).to.deep.equal([
      "flow / 1",
      "one 1",
      "flow one/ 1",
      "flow one/ 2",
      "two 1",
    ]);
  });

  it("whose flow call failed after it had scheduled a stage accepts that stage again", async () => {
    const { api } = system.server;
    const flow = add("flow-fails-late", {
      "/": `${posts(stage("one", [{ id: "one", name: "ok" }]))}\n${failsUntil("mend")} || exit 5`,
    });
    const { id } = await failed(flow);
    say(system, id, "mend");
    await retried(id);
    await completes(id);
    expect((await api.step(id, "one")).status).to.equal("completed");
    expect((await api.run(id)).stages).to.have.length(1);
  });

  it("whose flow asked for what was refused asks again", async () => {
    const { api } = system.server;
    const flow = system.flows.posted("asks-for-nowhere", stage("one", [{ id: "it", name: "nowhere" }]));
    const run = await failed(flow);
    expect(run.error.code).to.equal("SCRIPT_NOT_FOUND");
    system.flows.script(join(flow, "steps/nowhere/step.sh"), ":");
    await retried(run.id);
    await completes(run.id);
    expect((await api.step(run.id, "it")).status).to.equal("completed");
  });

  it("that was aborted goes on where it was", async () => {
    const { api } = system.server;
    const flow = system.flows.stage(
      "aborted",
      stage("s", [
        "first",
        { id: "second", dependsOn: ["first"] },
        { id: "third", name: "first", dependsOn: ["second"] },
      ]),
      { first: notes, second: `${notes}; ${says("runs")}; ${waits("go")}` },
    );
    const runId = await api.trigger(flow);
    await heard(system, runId, "runs");
    expect((await api.post(`/runs/${runId}/abort`)).body.processesKilled).to.equal(1);
    say(system, runId, "go");
    await retried(runId);
    await completes(runId);
    expect(starts(system, runId)).to.deep.equal(["first 1", "second 1", "second 2", "third 1"]);
  });

  it("that was aborted in its failure callback runs the failed stage again, not that callback", async () => {
    const { api } = system.server;
    const flow = add("aborted-in-callback", {
      "/": prints(stage("main", work)),
      "/main": `${says("runs")}\n${waits("never")}`,
    });
    const runId = await api.trigger(flow);
    await heard(system, runId, "runs");
    expect((await api.post(`/runs/${runId}/abort`)).status).to.equal(200);
    say(system, runId, "mend");
    await retried(runId);
    await completes(runId);
    expect(starts(system, runId)).to.deep.equal([
      ...["flow / 1", "work 1", "flow /main 1", "work 2", "flow main/ 1"],
    ]);
  });

  it("after a handled failure leaves that stage alone and runs the one that failed later", async () => {
    const flow = system.flows.add(
      "handled-before",
      `${flowNotes}\n${told({
        "/": prints(stage("first", [{ id: "broken", name: "broken" }])),
        "/first": prints(stage("rescue", [{ id: "rescue", name: "ok" }], { recover: true })),
        "rescue/": prints(stage("main", work)),
      })}`,
      { ...scripts, broken: `${notes}; exit 1` },
    );
    const { id } = await failed(flow);
    say(system, id, "mend");
    await retried(id);
    const run = await completes(id);
    const states = run.stages.map((each: { name: string; status: string }) => `${each.name} ${each.status}`);
    expect(states).to.deep.equal(["first failed", "rescue completed", "main completed"]);
    const noted = starts(system, id).filter((line) => !line.startsWith("flow"));
    expect(noted).to.deep.equal(["broken 1", "rescue 1", "work 1", "work 2"]);
  });

  it("counts maxRetries anew, and MAXQ_ATTEMPT on", async () => {
    const flow = system.flows.stage(
      "counts-on",
      stage("s", [{ ...work[0], maxRetries: 1 }], { final: true }),
      {
        work: `${notes}; [ "$MAXQ_ATTEMPT" = 6 ]`,
      },
    );
    const { id } = await failed(flow);
    await retried(id);
    expect((await system.server.api.ended(id)).status).to.equal("failed");
    await retried(id);
    await completes(id);
    expect(starts(system, id)).to.deep.equal([1, 2, 3, 4, 5, 6].map((attempt) => `work ${attempt}`));
    const { attempts } = await system.server.api.step(id, "work");
    expect(attempts.map((each: { attempt: number }) => each.attempt)).to.deep.equal([1, 2, 3, 4, 5, 6]);
  });

  it("with a timeout gives the run its whole time again", async () => {
    const { api } = system.server;
    const flow = system.flows.stage("timed", stage("s", ["it"], { final: true }), { it: waits("go") });
    const timeoutMs = 400;
    const { id } = (await api.post(`/flows/${flow}/runs`, { timeoutMs })).body;
    expect((await api.ended(id)).error.code).to.equal("RUN_TIMEOUT");
    const retriedAt = Date.now();
    await retried(id);
    const again = await api.ended(id);
    expect(again.error.code, "again").to.equal("RUN_TIMEOUT");
    expect(again.completedAt - retriedAt).to.be.at.least(timeoutMs);
  });

  it("with mode=new is a new run of the same input", async () => {
    const { api } = system.server;
    const flow = add("new", { "/": prints(stage("main", work, { final: true })) });
    const body = { input: { deep: [0, false, "", null, "é😀"] }, metadata: { team: "data" }, priority: 4 };
    const old = await api.ended((await api.post(`/flows/${flow}/runs`, body)).body.id);
    expect(old.status).to.equal("failed");
    const answer = await api.post(`/runs/${old.id}/retry?mode=new`);
    expect(answer.status, JSON.stringify(answer.body)).to.equal(201);
    const { run } = answer.body;
    expect(run.id).not.to.equal(old.id);
    expect(answer.headers.get("location")).to.match(new RegExp(`/runs/${run.id}$`));
    expect(run).to.include({ retryOf: old.id, status: "pending", flowName: flow, priority: 4 });
    say(system, run.id, "mend");
    const ended = await completes(run.id);
    expect(ended.input).to.deep.equal(body.input);
    expect(ended.metadata).to.deep.equal(body.metadata);
    expect(await api.run(old.id)).to.deep.equal(old);
    expect(starts(system, run.id)).to.deep.equal(["flow / 1", "work 1"]);
  });

  it("that runs, is paused or has completed is 409, in place and as a new one", async () => {
    const { api } = system.server;
    const flow = system.flows.stage("not-over", stage("s", ["it"], { final: true }), { it: waits("go") });
    const runId = await api.trigger(flow);
    await system.stepIs(runId, "it", "running");
    const refused = async (when: string) => {
      for (const query of ["", "?mode=new"]) {
        const answer = await api.post(`/runs/${runId}/retry${query}`);
        expect([answer.status, answer.body.code], `${when} ${query}`).to.deep.equal([409, "STATE_CONFLICT"]);
      }
    };
    await refused("running");
    await api.post(`/runs/${runId}/pause`);
    await refused("paused");
    await api.post(`/runs/${runId}/resume`);
    say(system, runId, "go");
    expect((await api.ended(runId)).status).to.equal("completed");
    await refused("completed");
    expect((await api.get(`/runs?flowName=${flow}`)).body.data).to.have.length(1);
  });
});
