/** Runs of one flow do not get into each other's way, and neither does what is refused. */
import { expect } from "chai";
import { onEachDatabase } from "../system/databases.js";
import { prints, stage, told } from "./flow.js";
import { say, says, waits, heard } from "./signals.js";

onEachDatabase("runs of one flow", {}, (system) => {
  const states = async (runId: string) => {
    const steps = await system.server.api.steps(runId);
    return steps.map((step) => `${step.stageName}/${step.id} ${step.status} ${step.attempt}`);
  };
  const allDone = ["one/a completed 1", "one/b completed 1"];

  it("the second, the hundredth and concurrent ones work with the same step ids", async () => {
    const { api } = system.server;
    const flow = system.flows.add(
      "same-ids",
      told({ "/": prints(stage("one", ["a", { id: "b", dependsOn: ["a"] }], { final: true })) }),
      { a: ":", b: ":" },
    );
    for (const which of ["first", "second"]) {
      const run = await api.runToEnd(flow);
      expect(run.status, `${which}: ${JSON.stringify(run.error)}`).to.equal("completed");
      expect(await states(run.id)).to.deep.equal(allDone);
    }
    const ids = await Promise.all(Array.from({ length: 98 }, () => api.trigger(flow)));
    for (const id of ids) expect((await api.ended(id, 60_000)).status).to.equal("completed");
    for (const id of [ids[0]!, ids[49]!, ids[97]!]) expect(await states(id)).to.deep.equal(allDone);
  });

  it("six circles of two steps, posted, are six refusals, and runs go on undisturbed", async () => {
    const { api } = system.server;
    const flow = system.flows.add(
      "goes-on",
      told({
        "/": prints(stage("one", ["wait"])),
        "one/": prints(stage("two", ["after"], { final: true })),
      }),
      { wait: `${says("waiting")}; ${waits("go")}`, after: ":" },
    );
    const [posted, other] = await Promise.all([api.trigger(flow), api.trigger(flow)]);
    await Promise.all([posted, other].map((runId) => heard(system, runId, "waiting")));
    const circle = (n: number) =>
      stage(`circle-${n}`, [
        { id: `x${n}`, name: "after", dependsOn: [`y${n}`] },
        { id: `y${n}`, name: "after", dependsOn: [`x${n}`] },
      ]);
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, n) => api.post(`/runs/${posted}/steps`, circle(n))),
    );
    for (const [n, { status, body }] of answers.entries()) {
      expect([status, body.code]).to.deep.equal([400, "DEPENDENCY_CYCLE"]);
      expect(body.error).to.match(new RegExp(`x${n} → y${n} → x${n}|y${n} → x${n} → y${n}`));
    }
    expect((await api.run(posted)).stages).to.have.length(1);

    const third = await api.trigger(flow);
    for (const runId of [posted, other, third]) {
      say(system, runId, "go");
      const run = await api.ended(runId);
      expect(run.status, JSON.stringify(run.error)).to.equal("completed");
      expect(await states(runId)).to.deep.equal(["one/wait completed 1", "two/after completed 1"]);
    }
  });

  it("one slow step with 2,000 dependents holds up no other run, neither while it runs nor when it fails", async () => {
    const { api } = system.server;
    const dependents = Array.from({ length: 2000 }, (_, n) => ({
      id: `d${n}`,
      name: "after",
      dependsOn: ["slow"],
    }));
    const wide = system.flows.stage("slow-first", stage("wide", ["slow", ...dependents], { final: true }), {
      slow: `${says("waiting")}; ${waits("go")}; exit 1`,
      after: ":",
    });
    const small = system.flows.stage("small", stage("one", ["it"], { final: true }), { it: ":" });
    const runId = await api.trigger(wide);
    await heard(system, runId, "waiting");
    for (let n = 0; n < 3; n++) expect((await api.runToEnd(small)).status).to.equal("completed");
    expect((await api.run(runId)).status).to.equal("running");

    say(system, runId, "go");
    const meanwhile = await Promise.all([api.runToEnd(small), api.runToEnd(small)]);
    expect(meanwhile.map((run) => run.status)).to.deep.equal(["completed", "completed"]);
    const run = await api.ended(runId);
    expect([run.status, run.error.code]).to.deep.equal(["failed", "STEP_FAILED"]);
    expect(run.stages[0].counts).to.include({ failed: 1, cancelled: 2000, pending: 0, running: 0 });
  });

  it("two clients that post the same stage at the same moment get 201 and 200, with the same content", async () => {
    const { api } = system.server;
    const flow = system.flows.stage("posted-twice", stage("one", ["wait"]), {
      wait: waits("go"),
      noop: ":",
    });
    const runId = await api.trigger(flow);
    await system.stepIs(runId, "wait", "running");
    for (let round = 0; round < 5; round++) {
      const document = stage(`round-${round}`, [{ id: `noop-${round}`, name: "noop" }]);
      const answers = await Promise.all(
        Array.from({ length: 4 }, () => api.post(`/runs/${runId}/steps`, document)),
      );
      expect(answers.map((answer) => answer.status).sort()).to.deep.equal([200, 200, 200, 201]);
      const content = answers.map(({ body }) => ({
        stage: body.stage as string,
        steps: body.steps.map((step: { id: string; name: string }) => [step.id, step.name]),
      }));
      for (const each of content) expect(each).to.deep.equal(content[0]);
      const scheduled = answers.map((answer) => answer.body.scheduled as number).sort();
      expect(scheduled).to.deep.equal([0, 0, 0, 1]);
    }
    say(system, runId, "go");
    expect((await api.ended(runId)).status).to.equal("completed");
    expect(await api.steps(runId)).to.have.length(6);
  });

  it("name, description and output are set by the flow and by a client, and a final stage brings its output", async () => {
    const { api } = system.server;
    const patch = (body: string) =>
      `curl -fsS -X PATCH "$MAXQ_API/runs/$MAXQ_RUN_ID" -H 'Content-Type: application/json' -d '${body}' >&2`;
    const flow = system.flows.add(
      "patches",
      `${patch('{"name": "Nightly", "description": "of the flow"}')}\n${told({
        "/": prints(stage("one", ["set"])),
        "one/": prints(stage("two", ["it"], { final: true, output: { rows: [0, false, "", null] } })),
      })}`,
      { set: patch('{"output": 0}'), it: waits("go") },
    );
    const runId = await api.trigger(flow);
    await system.stepIs(runId, "it", "running");
    expect(await api.run(runId)).to.include({ name: "Nightly", description: "of the flow", output: 0 });
    const changed = await api.request("PATCH", `/runs/${runId}`, { description: null });
    expect(changed.body).to.include({ name: "Nightly", description: null, output: 0 });
    say(system, runId, "go");
    const run = await api.ended(runId);
    expect(run).to.include({ status: "completed", name: "Nightly", description: null });
    expect(run.output).to.deep.equal({ rows: [0, false, "", null] });
    const after = await api.request("PATCH", `/runs/${runId}`, { name: null, output: "later" });
    expect(after.body).to.include({ status: "completed", name: null, output: "later" });
  });
});
