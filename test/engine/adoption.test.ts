/** The server is killed with SIGKILL while scripts run, and the next one goes on with them. */
import { nothingIsLeftOf } from "@maxq/test-kit";
import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onEachDatabase } from "../system/databases.js";
import { gone, isAlive, pidIn } from "../system/processes.js";

/** Says who it is, waits until it is let go, then does `then`. */
const waits = (then: string) => `echo "$MAXQ_STEP_ID" >> "$TEST_SIGNALS/began-$MAXQ_RUN_ID"
  echo $$ > "$TEST_SIGNALS/$MAXQ_STEP_ID.pid"
  until [ -e "$TEST_SIGNALS/go-$MAXQ_RUN_ID" ]; do sleep 0.05; done
  ${then}`;

onEachDatabase("adoption after kill -9 of the server", {}, (system) => {
  const sign = (name: string) => join(system.server.signals, name);

  it("no step restarts; outputs, fields and exit codes are right to the byte", async () => {
    const ends = `printf 'out %s\\n\\377end' "$MAXQ_STEP_ID"; printf 'err %s' "$MAXQ_SEQUENCE" >&2
      echo "said=$MAXQ_STEP_ID" >> "$MAXQ_OUTPUT"
      curl -fsS -X POST "$MAXQ_API/runs/$MAXQ_RUN_ID/steps/$MAXQ_STEP_ID/fields" -d '{"fields":{"posted":true}}' >/dev/null
      exit $MAXQ_SEQUENCE`;
    const steps = [{ name: "w", instances: 10, allowFailure: true }];
    const flow = system.flows.stage("ten", { stage: "s", steps, final: true }, { w: waits(ends) });
    const first = system.server;
    const runId = await first.api.trigger(flow);
    const pids = await Promise.all(ids.map((id) => pidIn(sign(`${id}.pid`))));
    await first.crash();
    expect(pids.filter(isAlive)).to.have.length(10);
    await system.restart();
    writeFileSync(sign(`go-${runId}`), "");
    const { api } = system.server;
    expect((await api.ended(runId)).status).to.equal("completed");
    for (const [sequence, id] of ids.entries()) {
      const step = await api.step(runId, id);
      expect(step).to.include({
        attempt: 1,
        exitCode: sequence,
        stdout: `out ${id}\n\ufffdend`,
        stderr: `err ${sequence}`,
      });
      expect(step.stdoutBytes).to.equal(9 + id.length);
      const { body } = await api.get(`/runs/${runId}/fields?stepId=${id}`);
      expect(body.fields[0].fields).to.deep.equal(
        sequence === 0 ? { said: id, posted: true } : { posted: true },
      );
    }
    await nothingIsLeftOf(first.mark);
  });

  it("what ended in the gap is recorded as it was, a flow call goes on, a timeout counts from the start", async () => {
    const quick = `echo "n=1" > "$MAXQ_OUTPUT"; echo done`;
    const gapFlow = system.flows.stage(
      "gap",
      { stage: "s", steps: [{ name: "w" }, { name: "after", dependsOn: ["w"] }], final: true },
      { w: waits(quick), after: "exit 0" },
    );
    const timedFlow = system.flows.stage(
      "timed",
      { stage: "s", steps: [{ id: "late", name: "w", timeoutMs: 3000 }], final: true },
      { w: 'echo $$ > "$TEST_SIGNALS/late.pid"; exec sleep 1000' },
    );
    const callFlow = system.flows.add(
      "call",
      `if [ -z "$MAXQ_COMPLETED_STAGE" ]; then
        echo $$ > "$TEST_SIGNALS/call.pid"; echo 'a line of log'
        until [ -e "$TEST_SIGNALS/go-$MAXQ_RUN_ID" ]; do sleep 0.05; done
        echo '{"stage": "first", "final": true, "steps": [{"name": "it"}]}'
      fi`,
      { it: ":" },
    );
    const first = system.server;
    const gap = await first.api.trigger(gapFlow);
    const call = await first.api.trigger(callFlow);
    const timed = await first.api.trigger(timedFlow);
    const [ends, , late] = await Promise.all(
      ["s.w.pid", "call.pid", "late.pid"].map((name) => pidIn(sign(name))),
    );
    await first.crash();
    writeFileSync(sign(`go-${gap}`), "");
    await gone(ends!);
    await system.restart();
    writeFileSync(sign(`go-${call}`), "");
    const { api } = system.server;

    expect((await api.ended(gap)).status).to.equal("completed");
    expect(await api.step(gap, "s.w")).to.include({ attempt: 1, exitCode: 0, stdout: "done\n" });
    const { body } = await api.get(`/runs/${gap}/fields?stepId=s.w`);
    expect(body.fields[0].fields).to.deep.equal({ n: "1" });

    expect((await api.ended(call)).status).to.equal("completed");
    expect((await api.step(call, "flow:1")).attempt).to.equal(1);
    expect((await api.step(call, "first.it")).attempt).to.equal(1);

    expect((await api.ended(timed)).status).to.equal("failed");
    const step = await api.step(timed, "late");
    expect([step.attempt, step.error.code, isAlive(late!)]).to.deep.equal([1, "STEP_TIMEOUT", false]);
  });

  it("holds through three kills in a row; then an abort ends the whole tree", async () => {
    const escapes = `setsid sh -c 'echo $$ > "$TEST_SIGNALS/escaped.pid"; exec sleep 1000' & wait`;
    const step = `echo $$ > "$TEST_SIGNALS/tree.pid"; ${escapes}`;
    const flow = system.flows.stage(
      "thrice",
      { stage: "s", steps: [{ name: "w" }], final: true },
      { w: step },
    );
    const runId = await system.server.api.trigger(flow);
    const pids = [await pidIn(sign("tree.pid")), await pidIn(sign("escaped.pid"))];
    const marks = [];
    for (let kills = 0; kills < 3; kills++) {
      marks.push(system.server.mark);
      await system.server.crash();
      await system.restart();
      expect(await system.server.api.step(runId, "s.w")).to.include({ status: "running", attempt: 1 });
    }
    expect(pids.every(isAlive)).to.equal(true);
    const { status, body } = await system.server.api.post(`/runs/${runId}/abort`);
    expect([status, body.processesKilled]).to.deep.equal([200, 1]);
    expect(pids.filter(isAlive)).to.deep.equal([]);
    for (const mark of marks) await nothingIsLeftOf(mark);
  });

  it("goes on where successors were killed, one before it had taken over, one after", async () => {
    const flow = system.flows.stage(
      "points",
      { stage: "s", steps: [{ id: "p", name: "w" }], final: true },
      { w: waits("echo whole") },
    );
    const runId = await system.server.api.trigger(flow);
    await pidIn(sign("p.pid"));
    await system.server.crash();
    await system.diesAtItsStart("before_succession");
    await system.diesAtItsStart("after_succession");
    await system.restart();
    writeFileSync(sign(`go-${runId}`), "");
    expect((await system.server.api.ended(runId)).status).to.equal("completed");
    expect(await system.server.api.step(runId, "p")).to.include({ attempt: 1, stdout: "whole\n" });
  });
});

onEachDatabase(
  "a server that was killed and that nobody succeeds in time",
  { env: { MAXQ_LEASE_MS: "3000" } },
  (system) => {
    it("leaves nothing running, and the next start begins its steps again", async () => {
      const step = `setsid sh -c 'echo $$ > "$TEST_SIGNALS/escaped-'$MAXQ_ATTEMPT'.pid"; exec sleep 1000' &
      echo $$ > "$TEST_SIGNALS/alone-$MAXQ_ATTEMPT.pid"
      [ "$MAXQ_ATTEMPT" -gt 1 ] || sleep 1000`;
      const flow = system.flows.stage(
        "alone",
        { stage: "s", steps: [{ name: "w" }], final: true },
        { w: step },
      );
      const first = system.server;
      const sign = (name: string) => join(first.signals, name);
      const runId = await first.api.trigger(flow);
      const pids = [await pidIn(sign("alone-1.pid")), await pidIn(sign("escaped-1.pid"))];
      await first.crash();
      expect(pids.every(isAlive)).to.equal(true);
      await nothingIsLeftOf(first.mark);
      await system.restart();
      expect((await system.server.api.ended(runId)).status).to.equal("completed");
      const { attempts } = await system.server.api.step(runId, "s.w");
      expect(attempts.map(({ reason }: { reason: string | null }) => reason)).to.deep.equal([
        "worker_lost",
        null,
      ]);
    });
  },
);

const ids = Array.from({ length: 10 }, (_, n) => `s.w.${n}`);
