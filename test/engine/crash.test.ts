/** The server is killed with SIGKILL in the middle of a run. */
import { until } from "@maxq/test-kit";
import { expect } from "chai";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onEachDatabase } from "../system/databases.js";
import { gone, pidIn } from "../system/processes.js";

onEachDatabase("kill -9 of the server, with MAXQ_ADOPT=off", { env: { MAXQ_ADOPT: "off" } }, (system) => {
  it("no child survives, and the next start continues the run without repeating what was completed", async () => {
    const { api, signals } = system.server;
    const sign = (name: string) => join(signals, name);
    const flow = system.flows.stage(
      "survivor",
      {
        stage: "work",
        final: true,
        steps: [
          { id: "done", name: "done" },
          { id: "cut", name: "cut", dependsOn: ["done"] },
          { id: "later", name: "later", dependsOn: ["cut"] },
        ],
      },
      {
        done: 'echo "$MAXQ_STEP_ID" >> "$TEST_SIGNALS/ran"',
        cut: `echo "$MAXQ_STEP_ID" >> "$TEST_SIGNALS/ran"
          sleep 300 & echo $! > "$TEST_SIGNALS/child-$MAXQ_ATTEMPT"
          setsid sh -c 'echo $$ > "$TEST_SIGNALS/escaped-'$MAXQ_ATTEMPT'"; exec sleep 300' &
          echo $$ > "$TEST_SIGNALS/step-$MAXQ_ATTEMPT"
          until [ -e "$TEST_SIGNALS/go" ]; do sleep 0.05; done`,
        later: 'echo "$MAXQ_STEP_ID" >> "$TEST_SIGNALS/ran"',
      },
    );
    const runId = await api.trigger(flow);
    const pids = await Promise.all(["step-1", "child-1", "escaped-1"].map((name) => pidIn(sign(name))));
    await system.stepIs(runId, "done", "completed");

    await system.server.kill();
    for (const pid of pids) await gone(pid, 40_000);

    writeFileSync(sign("go"), "");
    await system.restart();
    const run = await system.server.api.ended(runId, 90_000);
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
    expect(readFileSync(sign("ran"), "utf8")).to.equal("done\ncut\ncut\nlater\n");
    const cut = await system.server.api.step(runId, "cut");
    expect(cut).to.include({ status: "completed", attempt: 2 });
    expect(cut.attempts[0]).to.include({ attempt: 1, reason: "worker_lost" });
    expect((await system.server.api.step(runId, "done")).attempt).to.equal(1);
  });

  it("under load, every step comes to its end, and what was answered as completed ran once", async () => {
    const { api, signals } = system.server;
    const ran = join(signals, "ran-under-load");
    const steps = [
      { name: "first", instances: 150 },
      { name: "second", instances: 150, dependsOn: ["first"] },
    ];
    const script = 'echo "$MAXQ_STEP_ID" >> "$TEST_SIGNALS/ran-under-load"';
    // The run is not over before the kill, however late that comes.
    const gated = `${script}; [ "$MAXQ_SEQUENCE" -lt 140 ] || until [ -e "$TEST_SIGNALS/go-on" ]; do sleep 0.05; done`;
    const flow = system.flows.stage(
      "load",
      { stage: "s", steps, final: true },
      { first: script, second: gated },
    );
    const runId = await api.trigger(flow);
    const completed = async () => await api.steps(runId, "&status=completed");
    await until("some have completed", async () => (await completed()).length > 100);
    const before = (await completed()).map((step) => step.id as string);
    await system.server.kill();
    writeFileSync(join(signals, "go-on"), "");

    await system.restart();
    const run = await system.server.api.ended(runId, 90_000);
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
    const lines = readFileSync(ran, "utf8").trimEnd().split("\n");
    const times = (id: string) => lines.filter((line) => line === id).length;
    const all = await system.server.api.steps(runId);
    expect(all).to.have.length(300);
    expect(all.filter((step) => step.status !== "completed" || times(step.id as string) === 0)).to.deep.equal(
      [],
    );
    expect(before.length).to.be.lessThan(300);
    expect(before.filter((id) => times(id) !== 1)).to.deep.equal([]);
  });

  it("a flow call that was cut short is called again with the same variables", async () => {
    const { api, signals } = system.server;
    const flow = system.flows.add(
      "cut-flow",
      `
      if [ "$MAXQ_COMPLETED_STAGE" = first ]; then
        echo $$ > "$TEST_SIGNALS/flow-$MAXQ_ATTEMPT"
        until [ -e "$TEST_SIGNALS/go-flow" ]; do sleep 0.05; done
        echo '{"final": true}'
      else
        echo '{"stage": "first", "steps": [{"name": "it"}]}'
      fi`,
      { it: ":" },
    );
    const runId = await api.trigger(flow);
    const pid = await pidIn(join(signals, "flow-1"));
    await system.server.kill();
    await gone(pid, 40_000);
    writeFileSync(join(signals, "go-flow"), "");
    await system.restart();
    const run = await system.server.api.ended(runId, 90_000);
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
    expect(existsSync(join(signals, "flow-2")), "the second attempt was told of the same stage").to.equal(
      true,
    );
    expect((await system.server.api.step(runId, "flow:2")).attempt).to.equal(2);
  });
});
