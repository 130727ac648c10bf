/** What an attempt may do ends with it: its token reads on, and writes no more. */
import { expect } from "chai";
import { onEachDatabase } from "../system/databases.js";
import { isAlive } from "../system/processes.js";
import { prints, stage, told } from "./flow.js";
import { failsUntil, heard, notes, say, says, starts, waits } from "./signals.js";

onEachDatabase("attempts", { env: { MAXQ_ABORT_GRACE_MS: "300" } }, (system) => {
  /** Tries every write that a script may do, through the MAXQ_API that it had, and answers the codes. */
  const writes = async (base: string, runId: string, stepId: string) => {
    const requests = [
      ["POST", `steps/${stepId}/fields`, { fields: { late: true } }],
      ["POST", "artifacts", { name: "late", data: 1 }],
      ["POST", "steps", stage("late", [{ id: "late", name: "ok" }])],
      ["POST", "steps", { final: true }],
      ["POST", "logs", { message: "late" }],
      ["PATCH", "", { output: "late" }],
    ] as const;
    const answers = requests.map(async ([method, path, body]) => {
      const url = `${base}/runs/${runId}${path === "" ? "" : `/${path}`}`;
      const answer = await fetch(url, { method, body: JSON.stringify(body) });
      return `${answer.status} ${((await answer.json()) as { code?: string }).code ?? "done"}`;
    });
    return new Set(await Promise.all(answers));
  };
  const nothingLate = async (runId: string, stepId: string) => {
    const { api } = system.server;
    expect((await api.run(runId)).output).to.equal(null);
    expect((await api.run(runId)).stages.map((each: { name: string }) => each.name)).not.to.include("late");
    expect((await api.get(`/runs/${runId}/artifacts`)).body.data).to.deep.equal([]);
    expect((await api.get(`/runs/${runId}/logs`)).body.logs).to.deep.equal([]);
    const { fields } = (await api.get(`/runs/${runId}/fields?stepId=${stepId}`)).body;
    expect(fields[0].fields).to.deep.equal({});
  };
  const over = ["409 ATTEMPT_OVER"];

  it("that timed out may write nothing more, while the next one may", async () => {
    const { api } = system.server;
    const flow = system.flows.stage(
      "timed-out",
      stage("s", [{ id: "it", timeoutMs: 1000, maxRetries: 1 }], { final: true }),
      {
        ok: ":",
        it: `${says("api-$MAXQ_ATTEMPT", "$MAXQ_API")}; [ "$MAXQ_ATTEMPT" = 1 ] && trap '' TERM
          ${waits("go")}; exit 0`,
      },
    );
    const runId = await api.trigger(flow);
    const old = await heard(system, runId, "api-1");
    await heard(system, runId, "api-2");
    expect([...(await writes(old, runId, "it"))]).to.deep.equal(over);
    expect((await fetch(`${old}/runs/${runId}`)).status, "it may read").to.equal(200);
    say(system, runId, "go");
    await api.ended(runId);
    await nothingLate(runId, "it");
  });

  it("that completed may write nothing more, and what it left in the background is gone", async () => {
    const { api } = system.server;
    const late = `sleep 0.2; curl -sS "$MAXQ_API/runs/$MAXQ_RUN_ID/artifacts" -d '{"name": "late", "data": 1}'`;
    const flow = system.flows.stage("completed", stage("s", ["it", { id: "next", dependsOn: ["it"] }]), {
      ok: ":",
      it: `${says("api", "$MAXQ_API")}; setsid sh -c '${late.replaceAll("'", `'\\''`)}; sleep 300' & ${says("left", "$!")}`,
      next: waits("go"),
    });
    const runId = await api.trigger(flow);
    await system.stepIs(runId, "next", "running");
    const base = await heard(system, runId, "api");
    expect([...(await writes(base, runId, "it"))]).to.deep.equal(over);
    expect(isAlive(Number(await heard(system, runId, "left")))).to.equal(false);
    say(system, runId, "go");
    expect((await api.ended(runId)).status).to.equal("completed");
    await nothingLate(runId, "it");
    expect([...(await writes(base, runId, "it"))], "after the run").to.deep.equal(over);
  });

  it("of flow.sh may schedule nothing once it has ended", async () => {
    const { api } = system.server;
    const flow = system.flows.add(
      "flow-over",
      told({ "/": `${says("api", "$MAXQ_API")}\n${prints(stage("s", ["it"]))}` }),
      { it: waits("go"), ok: ":" },
    );
    const runId = await api.trigger(flow);
    await system.stepIs(runId, "it", "running");
    const base = await heard(system, runId, "api");
    expect([...(await writes(base, runId, "it"))]).to.deep.equal(over);
    say(system, runId, "go");
    expect((await api.ended(runId)).status).to.equal("completed");
    await nothingLate(runId, "it");
  });

  it("before a retry of the run may write nothing into the one after it", async () => {
    const { api } = system.server;
    const flow = system.flows.stage("retried", stage("s", ["it"], { final: true }), {
      ok: ":",
      it: `${says("api-$MAXQ_ATTEMPT", "$MAXQ_API")}; ${failsUntil("mend")} && ${waits("go")}`,
    });
    const failed = await api.runToEnd(flow);
    const old = await heard(system, failed.id, "api-1");
    expect([...(await writes(old, failed.id, "it"))]).to.deep.equal(over);
    say(system, failed.id, "mend");
    expect((await api.post(`/runs/${failed.id}/retry`)).status).to.equal(200);
    const now = await heard(system, failed.id, "api-2");
    expect([...(await writes(old, failed.id, "it"))]).to.deep.equal(over);
    await nothingLate(failed.id, "it");
    expect([...(await writes(now, failed.id, "it"))], "the live one").not.to.include(over[0]);
    say(system, failed.id, "go");
    await api.ended(failed.id);
  });

  it("is numbered from 1 on and never again: over retries of its own, of the run, of the step, and an abort", async () => {
    const { api } = system.server;
    const flow = system.flows.add(
      "numbered",
      `${notes}\n${told({ "/": `${failsUntil("flow")} || exit 1\n${prints(stage("s", [{ id: "it", maxRetries: 1 }]))}` })}`,
      { it: `${notes}; ${failsUntil("mend")} || exit 1; ${says("runs")}; ${waits("go")}` },
    );
    const { id } = await api.runToEnd(flow);
    const retried = async (path: string) => {
      const answer = await api.post(`/runs/${id}${path}/retry`);
      expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
    };
    say(system, id, "flow");
    await retried("");
    await api.ended(id);
    await retried("");
    await api.ended(id);
    say(system, id, "mend");
    await retried("/steps/it");
    await heard(system, id, "runs");
    expect((await api.post(`/runs/${id}/abort`)).status).to.equal(200);
    say(system, id, "go");
    await retried("");
    const run = await api.ended(id);
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
    const noted = starts(system, id);
    expect(noted.filter((line) => line.startsWith("it"))).to.deep.equal([
      ...["it 1", "it 2", "it 3", "it 4", "it 5", "it 6"],
    ]);
    expect(noted.slice(0, 2)).to.deep.equal(["flow 1", "flow 2"]);
    const { attempts } = await api.step(id, "it");
    expect(attempts.map((each: { status: string }) => each.status)).to.deep.equal([
      ...["failed", "failed", "failed", "failed", "aborted", "completed"],
    ]);
  });
});
