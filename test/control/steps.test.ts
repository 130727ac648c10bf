/** How steps fail, are tried again, and what their stage makes of it. */
import { expect } from "chai";
import { until } from "@maxq/test-kit";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { onEachDatabase } from "../system/databases.js";
import { eventsOf, mostAtOnce, statesOf } from "./events.js";
import { stage } from "./flow.js";
import { heard, notes, say, says, starts, waits } from "./signals.js";

onEachDatabase("steps", { env: { MAXQ_ABORT_GRACE_MS: "300" } }, (system) => {
  const states = async (runId: string) => {
    const steps = await system.server.api.steps(runId);
    return Object.fromEntries(steps.map((step) => [step.id, step.status]));
  };

  it("a step ended by SIGKILL from outside has failed, and is tried again", async () => {
    const { api } = system.server;
    const flow = system.flows.stage(
      "killed-step",
      stage("s", [{ id: "it", maxRetries: 1 }], { final: true }),
      { it: `${says("runs-$MAXQ_ATTEMPT", "$$")}; ${waits("never")}` },
    );
    const runId = await api.trigger(flow);
    for (const attempt of [1, 2])
      process.kill(Number(await heard(system, runId, `runs-${attempt}`)), "SIGKILL");
    const run = await api.ended(runId);
    expect([run.status, run.error.code]).to.deep.equal(["failed", "STEP_FAILED"]);
    const { attempts } = await api.step(runId, "it");
    for (const attempt of attempts)
      expect(attempt).to.include({ status: "failed", reason: "failed", signal: "SIGKILL", exitCode: null });
    expect(attempts).to.have.length(2);
  });

  it("a flow.sh ended by SIGKILL from outside has failed, and its run with it; its steps are ended", async () => {
    const { api } = system.server;
    const post = `curl -fsS "$MAXQ_API/runs/$MAXQ_RUN_ID/steps" -d @stage.json`;
    const flow = system.flows.stage("killed-flow", stage("s", ["it", { id: "after", dependsOn: ["it"] }]), {
      it: `${says("step-runs")}; ${waits("never")}`,
      after: ":",
    });
    system.flows.script(`${flow}/flow.sh`, `${post}; ${says("flow-runs", "$$")}; ${waits("never")}`);
    const runId = await api.trigger(flow);
    await heard(system, runId, "step-runs");
    process.kill(Number(await heard(system, runId, "flow-runs")), "SIGKILL");
    const run = await api.ended(runId);
    expect([run.status, run.error.code]).to.deep.equal(["failed", "FLOW_FAILED"]);
    expect(run.error.details).to.include({ signal: "SIGKILL" });
    expect(await states(runId)).to.deep.equal({ it: "aborted", after: "cancelled" });
  });

  it("between two attempts a step is never failed, and a sibling's end does not fail the stage", async () => {
    const { api } = system.server;
    const flow = system.flows.stage(
      "flaky",
      stage("s", [{ id: "flaky", maxRetries: 2, retryDelayMs: 800 }, "sibling"], { final: true }),
      {
        flaky: `${says("tried-$MAXQ_ATTEMPT")}; [ "$MAXQ_ATTEMPT" = 3 ]`,
        sibling: waits("sibling-go"),
      },
    );
    const runId = await api.trigger(flow);
    const seen = { step: new Set<string>(), stage: new Set<string>() };
    const watch = async () => {
      const run = await api.run(runId);
      seen.stage.add(run.stages[0]?.status as string);
      const { status, attempt } = await api.step(runId, "flaky");
      seen.step.add(status as string);
      return { run, status, attempt };
    };
    await until("it waits for its second attempt, or its third", async () => {
      const { status, attempt } = await watch();
      return status === "pending" && attempt >= 1;
    });
    say(system, runId, "sibling-go");
    await until("the run is over", async () => (await watch()).run.status === "completed");
    expect([...seen.step]).not.to.include("failed");
    expect([...seen.stage]).not.to.include("failed");

    const events = await eventsOf(api, runId);
    const once = ["pending", "running"];
    expect(statesOf(events, "step", "flaky")).to.deep.equal([
      ...["running", "pending", "running", "pending", "running", "completed"],
    ]);
    expect(statesOf(events, "stage", "s")).to.deep.equal([...once, "completed"]);
  });

  it("a retry waits its delay at least, fixed or exponential", async () => {
    const { api } = system.server;
    const steps = [
      { id: "fixed", name: "it", maxRetries: 2, retryDelayMs: 200 },
      { id: "exponential", name: "it", maxRetries: 3, retryDelayMs: 100, retryBackoff: "exponential" },
    ];
    const flow = system.flows.stage("delayed", stage("s", steps, { failFast: false, final: true }), {
      it: "exit 1",
    });
    const run = await api.runToEnd(flow);
    expect(run.status).to.equal("failed");
    const delays = (await eventsOf(api, run.id)).filter(
      ({ type, data }) => type === "step" && data.status === "pending" && data.reason === "failed",
    );
    for (const { id, maxRetries, retryDelayMs } of steps) {
      const { attempts } = await api.step(run.id, id);
      expect(attempts).to.have.length(maxRetries + 1);
      const told = delays.filter(({ data }) => data.id === id);
      expect(told).to.have.length(maxRetries);
      for (const [n, { data }] of told.entries()) {
        const waitedMs = attempts[n + 1].startedAt - attempts[n].completedAt;
        const delayMs = (data.delayMs ?? 0) as number;
        expect(waitedMs, `${id}, retry ${n + 1}`).to.be.at.least(delayMs);
        if (id === "fixed") expect(delayMs).to.equal(retryDelayMs);
        else expect(delayMs).to.be.within(0, retryDelayMs * 2 ** n);
      }
    }
  });

  it("a step over its timeout is ended with all it started, which is a failed attempt; an exit 0 on SIGTERM too", async () => {
    const { api } = system.server;
    const flow = system.flows.stage(
      "times-out",
      stage("s", [{ id: "it", timeoutMs: 800, maxRetries: 1 }], { final: true }),
      {
        it: `[ "$MAXQ_ATTEMPT" = 2 ] && trap 'exit 0' TERM || trap '' TERM
          while :; do sleep 0.05; done`,
      },
    );
    const run = await api.runToEnd(flow);
    expect([run.status, run.error.code]).to.deep.equal(["failed", "STEP_TIMEOUT"]);
    const { attempts } = await api.step(run.id, "it");
    const ends = attempts.map((each: Record<string, unknown>) => [
      each["status"],
      each["reason"],
      each["signal"] ?? each["exitCode"],
    ]);
    expect(ends).to.deep.equal([
      ["failed", "timeout", "SIGKILL"],
      ["failed", "timeout", 0],
    ]);
    expect(attempts[0].error.code).to.equal("STEP_TIMEOUT");
  });

  it("a step that times out for good fails its run with STEP_TIMEOUT", async () => {
    const { api } = system.server;
    const flow = system.flows.stage("too-slow", stage("s", [{ id: "it", timeoutMs: 100 }], { final: true }), {
      it: waits("never"),
    });
    const run = await api.runToEnd(flow);
    expect([run.status, run.error.code]).to.deep.equal(["failed", "STEP_TIMEOUT"]);
    const step = await api.step(run.id, "it");
    expect(step.status).to.equal("failed");
    expect(step.error).to.deep.include({ code: "STEP_TIMEOUT" });
  });

  it("with failFast nothing new starts after a failure, retries included, and what runs finishes", async () => {
    const { api } = system.server;
    const flow = system.flows.stage(
      "fail-fast",
      stage("s", [
        "fails",
        { id: "retries", maxRetries: 5 },
        "runs",
        { id: "after-fails", name: "noop", dependsOn: ["fails"] },
        { id: "after-runs", name: "noop", dependsOn: ["runs"] },
      ]),
      {
        fails: `${waits("fail")}; exit 1`,
        retries: `${notes}; ${says("retries-runs")}; ${waits("go")}; exit 1`,
        runs: `${says("runs-runs")}; ${waits("go")}`,
        noop: notes,
      },
    );
    const runId = await api.trigger(flow);
    await Promise.all(["runs-runs", "retries-runs"].map((word) => heard(system, runId, word)));
    say(system, runId, "fail");
    await system.stepIs(runId, "fails", "failed");
    expect(await states(runId)).to.deep.equal({
      fails: "failed",
      retries: "running",
      runs: "running",
      "after-fails": "cancelled",
      "after-runs": "cancelled",
    });
    expect((await api.run(runId)).stages[0].status).to.equal("running");
    expect((await api.step(runId, "after-runs")).error.code).to.equal("DEPENDENCY_FAILED");
    say(system, runId, "go");
    const run = await api.ended(runId);
    expect(run.status).to.equal("failed");
    expect(run.error.details.stepId, "the first reason").to.equal("fails");
    expect(await states(runId)).to.include({ retries: "failed", runs: "completed" });
    expect(starts(system, runId)).to.deep.equal(["retries 1"]);
  });

  it("without failFast only what depends on the failure is cancelled", async () => {
    const { api } = system.server;
    const steps = [
      "fails",
      { id: "after", name: "noop", dependsOn: ["fails"] },
      { id: "after-after", name: "noop", dependsOn: ["after"] },
      { id: "first", name: "waits" },
      { id: "second", name: "noop", dependsOn: ["first"] },
      { id: "retries", name: "second-time", maxRetries: 1 },
    ];
    const flow = system.flows.stage("fail-slow", stage("s", steps, { failFast: false }), {
      fails: "exit 1",
      noop: ":",
      waits: waits("go"),
      "second-time": `${waits("go")}; [ "$MAXQ_ATTEMPT" = 2 ]`,
    });
    const runId = await api.trigger(flow);
    await system.stepIs(runId, "after-after", "cancelled");
    say(system, runId, "go");
    expect((await api.ended(runId)).status).to.equal("failed");
    expect(await states(runId)).to.deep.equal({
      fails: "failed",
      after: "cancelled",
      "after-after": "cancelled",
      first: "completed",
      second: "completed",
      retries: "completed",
    });
  });

  it("an allowed failure is recorded, fails neither stage nor run, and releases its dependents", async () => {
    const { api } = system.server;
    const steps = [
      { id: "fails", allowFailure: true },
      { id: "after", name: "noop", dependsOn: ["fails"] },
      { name: "half", instances: 2, allowFailure: true },
      { id: "after-half", name: "noop", dependsOn: ["half"] },
    ];
    const flow = system.flows.stage("allowed", stage("s", steps), {
      fails: "exit 4",
      half: "exit $MAXQ_SEQUENCE",
      noop: notes,
    });
    const run = await api.runToEnd(flow);
    expect(run, JSON.stringify(run.error)).to.include({ status: "completed", error: null });
    expect(run.stages[0].status).to.equal("completed");
    expect(await api.step(run.id, "fails")).to.include({ status: "failed", exitCode: 4 });
    expect(await states(run.id)).to.include({ "s.half.0": "completed", "s.half.1": "failed" });
    expect(starts(system, run.id).sort()).to.deep.equal(["after 1", "after-half 1"]);
  });

  it("maxParallel bounds the steps of a stage at a time, and all run", async () => {
    const { api } = system.server;
    const flow = system.flows.stage(
      "bounded",
      stage("s", [{ name: "it", instances: 20, maxRetries: 1 }], { final: true, maxParallel: 3 }),
      {
        it: `here="$TEST_SIGNALS/$MAXQ_RUN_ID.here"; mkdir -p "$here"; touch "$here/$$"; ls "$here" | wc -l
          ${waits("go")}; rm "$here/$$"; [ "$MAXQ_ATTEMPT.$((MAXQ_SEQUENCE % 5))" != 1.4 ]`,
      },
    );
    const runId = await api.trigger(flow);
    await until("three steps run", async () => (await api.run(runId)).stages[0]?.counts.running === 3);
    say(system, runId, "go");
    const run = await api.ended(runId);
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
    expect(mostAtOnce(await eventsOf(api, runId))).to.equal(3);
    for (const { id } of await api.steps(runId))
      expect(Number((await api.step(runId, id)).stdout)).to.be.within(1, 3);
  });

  it("a run over its timeout fails with RUN_TIMEOUT, and its processes are gone", async () => {
    const { api } = system.server;
    const flow = system.flows.stage(
      "run-too-slow",
      stage("s", ["it", { id: "after", name: "it", dependsOn: ["it"] }]),
      {
        it: `trap '' TERM; ${says("runs", "$$")}; ${waits("never")}`,
      },
    );
    const created = await api.post(`/flows/${flow}/runs`, { timeoutMs: 3000 });
    const run = await api.ended(created.body.id);
    expect([run.status, run.error.code, run.terminationReason]).to.deep.equal([
      "failed",
      "RUN_TIMEOUT",
      "timeout",
    ]);
    expect(run.durationMs).to.be.at.least(3000);
    const pid = Number(await heard(system, run.id, "runs"));
    expect(() => process.kill(pid, 0)).to.throw("ESRCH");
    expect(await states(run.id)).to.deep.equal({ it: "aborted", after: "cancelled" });
  });

  it("fields of an earlier attempt are gone", async () => {
    const { api } = system.server;
    const post = (fields: string) =>
      `curl -fsS "$MAXQ_API/runs/$MAXQ_RUN_ID/steps/$MAXQ_STEP_ID/fields" -d '{"fields": ${fields}}' >&2`;
    const flow = system.flows.stage("fields", stage("s", [{ id: "it", maxRetries: 1 }], { final: true }), {
      it: `if [ "$MAXQ_ATTEMPT" = 1 ]; then ${post('{"first": 1, "both": 1}')}; exit 1; fi
        curl -fsS "$MAXQ_API/runs/$MAXQ_RUN_ID/fields?stepId=it"; ${post('{"second": 2, "both": 2}')}`,
    });
    const run = await api.runToEnd(flow);
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
    expect(JSON.parse((await api.step(run.id, "it")).stdout).fields[0].fields).to.deep.equal({});
    const { fields } = (await api.get(`/runs/${run.id}/fields?stepId=it`)).body;
    expect(fields[0].fields).to.deep.equal({ second: 2, both: 2 });
  });
});

onEachDatabase("steps on one slot", { env: { MAXQ_MAX_CONCURRENT_STEPS: "1" } }, (system) => {
  it("start by priority, then in their order; the run's priority is the default", async () => {
    const { api, signals } = system.server;
    const blocks = system.flows.stage("blocks", stage("s", ["wait"], { final: true }), {
      wait: `${says("runs")}; ${waits("go")}`,
    });
    const script = `echo "$MAXQ_STEP_ID" >> "$TEST_SIGNALS/order"`;
    const steps = [
      { id: "low", name: "it", priority: -5 },
      { id: "first", name: "it" },
      { id: "second", name: "it" },
      { id: "high", name: "it", priority: 5 },
    ];
    const flow = system.flows.stage("ordered", stage("s", steps, { final: true }), { it: script });
    const urgent = system.flows.stage("urgent", stage("s", [{ id: "urgent", name: "it" }], { final: true }), {
      it: script,
    });
    const blocker = await api.trigger(blocks);
    await heard(system, blocker, "runs");
    const runId = await api.trigger(flow);
    await system.stepIs(runId, "flow:1", "completed");
    const other = (await api.post(`/flows/${urgent}/runs`, { priority: 3 })).body.id as string;
    await system.stepIs(other, "flow:1", "completed");
    say(system, blocker, "go");
    for (const id of [runId, other]) expect((await api.ended(id)).status).to.equal("completed");
    const order = readFileSync(join(signals, "order"), "utf8").trim().split("\n");
    expect(order).to.deep.equal(["high", "urgent", "first", "second", "low"]);
  });
});
