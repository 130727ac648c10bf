/** An abort ends every process of a run, and nothing that arrives later changes its end. */
import { until } from "@maxq/test-kit";
import { expect } from "chai";
import { onEachDatabase } from "../system/databases.js";
import { isAlive } from "../system/processes.js";
import { eventsOf, statesOf } from "./events.js";
import { prints, stage, told } from "./flow.js";
import { failsUntil, heard, notes, say, says, starts, waits } from "./signals.js";

const graceMs = 1500;
const obeys = `${says("running", "$$")}; ${waits("never")}`;
const stubborn = `
  trap '' TERM
  sh -c 'trap "" TERM; ${says("grandchild", "$$")}; while :; do sleep 300; done' &
  setsid sh -c '${says("escapee", "$$")}; while :; do sleep 300; done' &
  ${says("running", "$$")}
  while :; do sleep 300; done`;

const settings = { env: { MAXQ_ABORT_GRACE_MS: String(graceMs), MAXQ_MAX_CONCURRENT_CALLS: "2" } };

onEachDatabase("abort", settings, (system) => {
  const one = (name: string, script: string, more = {}) =>
    system.flows.stage(name, stage("s", [{ id: "it", ...more }], { final: true }), { it: script });

  /** Triggers a flow and waits until its script says that it runs. */
  const running = async (flow: string): Promise<string> => {
    const runId = await system.server.api.trigger(flow);
    await heard(system, runId, "running");
    return runId;
  };

  const aborted = async (runId: string) => {
    const answer = await system.server.api.post(`/runs/${runId}/abort`);
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    expect(answer.body.run.status).to.equal("aborted");
    expect(answer.body.message).to.be.a("string");
    return { killed: answer.body.processesKilled as number };
  };

  it("of a tree that ignores SIGTERM, with an escapee, is answered when all of it is gone", async () => {
    const runId = await running(one("stubborn", stubborn));
    const words = ["running", "grandchild", "escapee"];
    const pids = await Promise.all(words.map(async (word) => Number(await heard(system, runId, word))));
    expect(pids.map(isAlive)).to.deep.equal([true, true, true]);
    const { killed } = await aborted(runId);
    expect(pids.map(isAlive), "when the answer is there").to.deep.equal([false, false, false]);
    expect(killed).to.equal(1);
    const step = await system.server.api.step(runId, "it");
    expect(step).to.include({ status: "aborted", signal: "SIGKILL" });
  });

  it("decides how a step ended: exit 0 on SIGTERM is aborted too", async () => {
    const script = `trap 'exit 0' TERM; ${says("running")}; while :; do sleep 0.05; done`;
    const runId = await running(one("exits-zero", script));
    await aborted(runId);
    expect(await system.server.api.step(runId, "it")).to.include({ status: "aborted", exitCode: 0 });
  });

  it("says how many processes it ended: what runs, not what waits", async () => {
    const { api } = system.server;
    // Short steps first, so that the worker claims ahead.
    const quick = system.flows.stage(
      "quick",
      stage("s", [{ name: "noop", instances: 200 }], { final: true }),
      { noop: ":" },
    );
    expect((await api.runToEnd(quick)).status).to.equal("completed");
    const wide = system.flows.add(
      "wide",
      told({
        "/": prints(
          stage("s", [
            { name: "it", instances: 30 },
            { id: "after", dependsOn: ["it"] },
          ]),
        ),
      }),
      { it: `${says("running-$MAXQ_SEQUENCE")}; ${waits("never")}`, after: ":" },
    );
    const runId = await api.trigger(wide);
    const slots = Array.from({ length: 10 }, (_, n) => `running-${n}`);
    await Promise.all(slots.map((word) => heard(system, runId, word)));
    expect((await aborted(runId)).killed).to.equal(10);
    const [{ counts, status }] = (await api.run(runId)).stages;
    expect(status).to.equal("aborted");
    expect(counts, "the eleventh is claimed by nobody").to.include({
      aborted: 10,
      cancelled: 21,
      pending: 0,
    });
  });

  it("while flow.sh runs ends it, and what it asked for starts no more", async () => {
    const { api } = system.server;
    const flow = system.flows.add("in-flow", `${prints(stage("s", ["it"]))}\n${obeys}`, { it: notes });
    const runId = await running(flow);
    expect((await aborted(runId)).killed).to.equal(1);
    expect(await api.steps(runId)).to.deep.equal([]);
    expect((await api.step(runId, "flow:1")).status).to.equal("aborted");
  });

  it("is not undone by what arrives later", async () => {
    const { api } = system.server;
    const flow = system.flows.add(
      "late",
      told({ "/": `${prints(stage("s", ["it"]))}\n${says("flow-api", "$MAXQ_API")}` }),
      { it: `${says("step-api", "$MAXQ_API")}; ${obeys}` },
    );
    const runId = await running(flow);
    await aborted(runId);
    const before = await api.run(runId);

    const next = stage("t", ["it"]);
    for (const [word, path, body] of [
      ["flow-api", `/runs/${runId}/steps`, next],
      ["step-api", `/runs/${runId}/steps`, next],
      ["step-api", `/runs/${runId}/steps/it/fields`, { fields: { late: true } }],
    ] as const) {
      const base = await heard(system, runId, word);
      const answer = await fetch(base + path, { method: "POST", body: JSON.stringify(body) });
      expect(answer.status).to.equal(409);
      expect(((await answer.json()) as { code: string }).code).to.equal("ATTEMPT_OVER");
    }
    const scheduled = await api.post(`/runs/${runId}/steps`, next);
    expect([scheduled.status, scheduled.body.code]).to.deep.equal([409, "RUN_OVER"]);
    const repeated = await api.post(`/runs/${runId}/steps`, stage("s", ["it"]));
    expect([repeated.status, repeated.body.scheduled]).to.deep.equal([200, 0]);
    for (const action of ["pause", "resume"]) {
      const answer = await api.post(`/runs/${runId}/${action}`);
      expect([answer.status, answer.body.code], action).to.deep.equal([409, "RUN_OVER"]);
    }
    expect(await api.run(runId)).to.deep.equal(before);
    expect(before).to.include({ status: "aborted", terminationReason: "aborted" });
    expect(before.error.code).to.equal("RUN_ABORTED");
    expect(statesOf(await eventsOf(api, runId), "run")).to.deep.equal(["pending", "running", "aborted"]);
  });

  it("of an aborted run is 200 and changes nothing; of one that is over otherwise it is 409", async () => {
    const { api } = system.server;
    const runId = await running(one("twice", obeys));
    const answers = await Promise.all([aborted(runId), aborted(runId)]);
    expect(Math.max(...answers.map(({ killed }) => killed))).to.equal(1);
    const before = await api.run(runId);
    expect((await aborted(runId)).killed).to.equal(0);
    expect(await api.run(runId)).to.deep.equal(before);

    for (const [flow, status] of [
      [one("completes", ":"), "completed"],
      [one("fails", "exit 1"), "failed"],
    ] as const) {
      const run = await api.runToEnd(flow);
      expect(run.status).to.equal(status);
      const answer = await api.post(`/runs/${run.id}/abort`);
      expect([answer.status, answer.body.code]).to.deep.equal([409, "RUN_OVER"]);
      expect((await api.run(run.id)).status).to.equal(status);
    }
  });

  it("and a retry at once: refused until the old attempt is gone, and then untouched by it", async () => {
    const { api } = system.server;
    const script = `
      if [ "$MAXQ_ATTEMPT" = 1 ]; then
        ${says("old-api", "$MAXQ_API")}
        trap '' TERM
        ${says("running")}
        while :; do sleep 300; done
      fi
      ${says("new")}; ${waits("go")}; echo "attempt $MAXQ_ATTEMPT"`;
    const runId = await running(one("retried-at-once", script));
    const abort = api.post(`/runs/${runId}/abort`);
    let refused = 0;
    for (;;) {
      const retried = await api.post(`/runs/${runId}/retry`);
      if (retried.status === 200) break;
      expect(retried.status, JSON.stringify(retried.body)).to.equal(409);
      expect(retried.body.code).to.be.oneOf(["RUN_NOT_OVER", "STATE_CONFLICT"]);
      refused += 1;
    }
    expect(refused).to.be.greaterThan(0);
    const { status, body } = await abort;
    expect([status, body.processesKilled], JSON.stringify(body)).to.deep.equal([200, 1]);
    await heard(system, runId, "new");
    const old = await heard(system, runId, "old-api");
    const late = await fetch(`${old}/runs/${runId}/steps/it/fields`, {
      method: "POST",
      body: JSON.stringify({ fields: { late: true } }),
    });
    expect(late.status).to.equal(409);
    say(system, runId, "go");
    const run = await api.ended(runId);
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
    const step = await api.step(runId, "it");
    expect(step).to.include({ status: "completed", attempt: 2, stdout: "attempt 2\n" });
    expect(step.attempts.map((each: { status: string }) => each.status)).to.deep.equal([
      "aborted",
      "completed",
    ]);
    expect((await api.get(`/runs/${runId}/fields`)).body.fields).to.deep.equal([]);
  });

  it("of a run that is pending leaves nothing that would start", async () => {
    const { api } = system.server;
    const busy = system.flows.add("busy", obeys);
    const holders = await Promise.all([running(busy), running(busy)]);
    const runId = await api.trigger(system.flows.add("waits-for-a-slot", notes));
    expect((await api.run(runId)).status).to.equal("pending");
    expect((await aborted(runId)).killed).to.equal(0);
    for (const holder of holders) await aborted(holder);
    expect((await api.runToEnd(one("after-them", ":"))).status).to.equal("completed");
    expect(starts(system, runId)).to.deep.equal([]);
    expect((await api.run(runId)).status).to.equal("aborted");
  });

  it("of a run that is paused ends what still runs", async () => {
    const { api } = system.server;
    const runId = await running(one("paused", obeys));
    expect((await api.post(`/runs/${runId}/pause`)).body.run.status).to.equal("paused");
    expect((await aborted(runId)).killed).to.equal(1);
    expect((await api.step(runId, "it")).status).to.equal("aborted");
  });

  it("while a retry waits for its time is done at once", async () => {
    const { api } = system.server;
    const flow = one("waits-long", failsUntil("never"), { maxRetries: 1, retryDelayMs: 3_600_000 });
    const runId = await api.trigger(flow);
    // It is pending before its first attempt, too.
    await until("it waits for its second attempt", async () => {
      const { status, attempt } = await api.step(runId, "it");
      return status === "pending" && attempt === 1;
    });
    expect((await aborted(runId)).killed).to.equal(0);
    expect((await api.step(runId, "it")).status).to.be.oneOf(["aborted", "cancelled"]);
  });
});

onEachDatabase(
  "abort, with a grace period of ten minutes",
  { env: { MAXQ_ABORT_GRACE_MS: "600000" } },
  (system) => {
    it("of a tree that obeys SIGTERM does not take the whole grace period", async () => {
      const { api } = system.server;
      const script = `sh -c 'sleep 300; :' & setsid sleep 300 & ${obeys}`;
      const document = stage("s", [{ id: "it" }], { final: true });
      const runId = await api.trigger(system.flows.stage("obedient", document, { it: script }));
      const pid = Number(await heard(system, runId, "running"));
      expect((await api.post(`/runs/${runId}/abort`)).body.processesKilled).to.equal(1);
      expect(isAlive(pid)).to.equal(false);
      expect(await api.step(runId, "it")).to.include({ status: "aborted", signal: "SIGTERM" });
    });
  },
);
