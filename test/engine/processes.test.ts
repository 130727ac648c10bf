/** How processes end, what they leave behind, and what is kept of what they print. */
import { expect } from "chai";
import { join } from "node:path";
import { onEachDatabase } from "../system/databases.js";
import { gone, isAlive, peakMemory, pidIn } from "../system/processes.js";

const captured = 8192;

onEachDatabase("processes of steps", { env: { MAXQ_ABORT_GRACE_MS: "1000" } }, (system) => {
  const one = (name: string, script: string) =>
    system.flows.stage(name, { stage: "s", final: true, steps: [{ id: "it", name: "it" }] }, { it: script });

  for (const signal of ["KILL", "TERM", "SEGV"]) {
    it(`a step killed by SIG${signal} is failed`, async () => {
      const { api } = system.server;
      const run = await api.runToEnd(one(`killed-by-${signal}`, `kill -${signal} $$`));
      expect(run.status).to.equal("failed");
      expect(run.error.code).to.equal("STEP_FAILED");
      const step = await api.step(run.id, "it");
      expect(step).to.include({ status: "failed", signal: `SIG${signal}`, exitCode: null });
      expect(step.error.message).to.include(`SIG${signal}`);
    });
  }

  it("a flow.sh killed by a signal fails its run", async () => {
    const { api } = system.server;
    const run = await api.runToEnd(system.flows.add("killed-flow", "kill -KILL $$"));
    expect(run.status).to.equal("failed");
    expect(run.error.code).to.equal("FLOW_FAILED");
    expect(JSON.stringify(run.error)).to.include("SIGKILL");
  });

  it("a step ends when it exits, though a background child holds its stdout, and the child is gone", async () => {
    const { api, signals } = system.server;
    const run = await api.runToEnd(
      one("holds-stdout", `sleep 300 & echo $! > "$TEST_SIGNALS/$MAXQ_RUN_ID"; echo left it`),
    );
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
    const step = await api.step(run.id, "it");
    expect(step.stdout).to.equal("left it\n");
    expect(step.durationMs).to.be.lessThan(30_000);
    await gone(await pidIn(join(signals, run.id)));
  });

  it("a child that escaped by setsid is gone when its step has ended", async () => {
    const { api, signals } = system.server;
    const script = `setsid sh -c 'echo $$ > "$TEST_SIGNALS/$MAXQ_RUN_ID"; exec sleep 300' & until [ -s "$TEST_SIGNALS/$MAXQ_RUN_ID" ]; do sleep 0.01; done`;
    const run = await api.runToEnd(one("escapes", script));
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
    await gone(await pidIn(join(signals, run.id)));
  });

  it("an abort ends the whole tree, what ignores SIGTERM and what escaped by setsid included", async () => {
    const { api, signals } = system.server;
    const script = `
      trap '' TERM
      setsid sh -c 'trap "" TERM; echo $$ > "$TEST_SIGNALS/$MAXQ_RUN_ID.escaped"; while :; do sleep 300; done' &
      echo $$ > "$TEST_SIGNALS/$MAXQ_RUN_ID"
      while :; do sleep 300; done`;
    const runId = await api.trigger(one("stubborn", script));
    const pids = [await pidIn(join(signals, runId)), await pidIn(join(signals, `${runId}.escaped`))];
    expect(pids.map(isAlive)).to.deep.equal([true, true]);
    const answer = await api.post(`/runs/${runId}/abort`);
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    for (const pid of pids) await gone(pid);
    expect((await api.ended(runId)).status).to.equal("aborted");
    expect((await api.step(runId, "it")).status).to.equal("aborted");
  });

  it("50 MB of output: memory stays flat, bytes are exact, the end is kept, text is cut at a character", async () => {
    const { api, pid } = system.server;
    // Lines of 10 bytes, of 2, 3 and 4 byte characters; an odd start, so that no cut falls on a boundary by chance.
    const script = (lines: number) =>
      `printf x; yes 'é€😀' | head -n ${lines}; echo 'the end'; yes error | head -n ${lines} >&2`;
    await api.runToEnd(one("chatty", script(100_000)));
    const before = peakMemory(pid);
    const run = await api.runToEnd(one("very-chatty", script(5_000_000)), {}, 120_000);
    const growth = peakMemory(pid) - before;
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
    const step = await api.step(run.id, "it");
    expect(step).to.include({ stdoutBytes: 1 + 50_000_000 + 8, stdoutTruncated: true });
    expect(step).to.include({ stderrBytes: 30_000_000, stderrTruncated: true });
    expect(step.stdout).to.match(/😀\nthe end\n$/);
    expect(step.stderr).to.match(/error\n$/);
    expect(step.stdout).not.to.include("\ufffd");
    expect(Buffer.byteLength(step.stdout)).to.be.within(captured / 2, captured);
    expect(growth, "growth of the engine and its launcher in bytes").to.be.lessThan(32 * 1024 * 1024);
  });

  it("what is within the cap is kept exactly", async () => {
    const { api } = system.server;
    const run = await api.runToEnd(one("quiet", `printf 'no end of line: é'; printf '\\001\\033[31m' >&2`));
    expect(await api.step(run.id, "it")).to.include({
      stdout: "no end of line: é",
      stdoutBytes: 18,
      stdoutTruncated: false,
      stderr: "\u0001\u001b[31m",
      stderrTruncated: false,
    });
  });

  it("an edit of a script takes effect at its next start", async () => {
    const { api } = system.server;
    const flow = one("edited", "echo before");
    expect((await api.step((await api.runToEnd(flow)).id, "it")).stdout).to.equal("before\n");
    system.flows.script(`${flow}/steps/it/step.sh`, "echo after");
    expect((await api.step((await api.runToEnd(flow)).id, "it")).stdout).to.equal("after\n");
  });
});
