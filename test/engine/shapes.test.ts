/** Runs of every shape and size come to their end, and none stands in another's way. */
import { expect } from "chai";
import { until } from "@maxq/test-kit";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { onEachDatabase } from "../system/databases.js";

const noop = ":";

/** Steps of which each waits for the one before it. */
function chain(length: number): { id: string; name: string; dependsOn: string[] }[] {
  return Array.from({ length }, (_, n) => ({
    id: `link-${n}`,
    name: "noop",
    dependsOn: n === 0 ? [] : [`link-${n - 1}`],
  }));
}

onEachDatabase("shapes of runs", {}, (system) => {
  it("a chain of 50 steps posted in reverse order completes in its own order", async () => {
    const { api } = system.server;
    const document = { stage: "chain", final: true, steps: chain(50).reverse() };
    const run = await api.runToEnd(system.flows.posted("reversed", document, { noop }));
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
    const steps = new Map((await api.steps(run.id)).map((step) => [step.id as string, step]));
    expect(steps.size).to.equal(50);
    for (let n = 1; n < 50; n++)
      expect(steps.get(`link-${n}`).startedAt).to.be.at.least(steps.get(`link-${n - 1}`).completedAt);
  });

  it("a stage of 1,000 instances completes, each run once", async () => {
    const { api } = system.server;
    const document = { stage: "wide", final: true, steps: [{ name: "noop", instances: 1000 }] };
    const run = await api.runToEnd(system.flows.stage("wide", document, { noop }), {}, 60_000);
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
    const steps = await api.steps(run.id);
    expect(steps).to.have.length(1000);
    expect(steps.every((step) => step.status === "completed" && step.attempt === 1)).to.equal(true);
    expect(steps.map((step) => step.sequence)).to.deep.equal(steps.map((_, n) => n));
  });

  it("a barrier of 200 × 200 instances: none of the second starts before the last of the first has completed", async () => {
    const { api } = system.server;
    const steps = [
      { name: "before", instances: 200 },
      { name: "after", instances: 200, dependsOn: ["before"] },
    ];
    const flow = system.flows.stage(
      "barrier",
      { stage: "both", final: true, steps },
      { before: noop, after: noop },
    );
    const run = await api.runToEnd(flow, {}, 60_000);
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
    const before = await api.steps(run.id, "&name=before");
    const after = await api.steps(run.id, "&name=after");
    expect([before.length, after.length]).to.deep.equal([200, 200]);
    const opened = Math.max(...before.map((step) => step.completedAt as number));
    expect(Math.min(...after.map((step) => step.startedAt as number))).to.be.at.least(opened);
  });

  it("100 runs triggered at once all complete", async () => {
    const { api } = system.server;
    const flow = system.flows.stage(
      "small",
      { stage: "one", final: true, steps: [{ name: "noop" }] },
      { noop },
    );
    const ids = await Promise.all(Array.from({ length: 100 }, () => api.trigger(flow)));
    expect(new Set(ids).size).to.equal(100);
    for (const id of ids) expect((await api.ended(id, 60_000)).status).to.equal("completed");
  });

  it("a stage document of 2,000,000 bytes printed by flow.sh works", async () => {
    const { api } = system.server;
    const steps = Array.from({ length: 100 }, (_, n) => ({
      id: `s${n}`,
      name: "noop",
      env: { TEXT: "é".repeat(10_000) },
    }));
    const document = { stage: "large", final: true, steps };
    expect(Buffer.byteLength(JSON.stringify(document))).to.be.greaterThan(2_000_000);
    const run = await api.runToEnd(
      system.flows.stage("large", document, { noop: 'test "${#TEXT}" -ge 10000' }),
    );
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
    expect(await api.steps(run.id)).to.have.length(100);
  });

  it("a stage without steps completes at once and calls the flow back", async () => {
    const { api } = system.server;
    const flow = system.flows.add(
      "empty",
      `case "$MAXQ_COMPLETED_STAGE" in "") echo '{"stage": "none", "steps": []}' ;; none) echo '{"final": true, "output": "called back"}' ;; esac`,
    );
    const run = await api.runToEnd(flow);
    expect(run).to.include({ status: "completed", output: "called back" });
  });

  it("ten chains of 200 steps on ten slots do not keep a later run of one step waiting", async () => {
    const { api } = system.server;
    const long = system.flows.stage("long", { stage: "chain", final: true, steps: chain(200) }, { noop });
    const short = system.flows.stage(
      "short",
      { stage: "one", final: true, steps: [{ name: "noop" }] },
      { noop },
    );
    const chains = await Promise.all(Array.from({ length: 10 }, () => api.trigger(long)));
    const completed = async () => {
      const counts = chains.map(async (id) => {
        const { pagination } = (await api.get(`/runs/${id}/steps?status=completed&limit=1`)).body;
        return pagination.total as number;
      });
      return Promise.all(counts);
    };
    await until("all ten chains are under way", async () => Math.min(...(await completed())) >= 5);

    const run = await api.runToEnd(short);
    expect(run.status).to.equal("completed");
    for (const id of chains) expect((await api.ended(id, 60_000)).status).to.equal("completed");
    // By the times on record, not by what this process saw, which may be slow.
    const ends = (await Promise.all(chains.map((id) => api.steps(id))))
      .flat()
      .map((step) => step.completedAt as number);
    const meanwhile = ends.filter((at) => run.createdAt < at && at < run.completedAt).length;
    expect(meanwhile, "steps of the chains that ran meanwhile").to.be.lessThan(300);
    expect(Math.max(...ends), "the chains were not over").to.be.above(run.completedAt as number);
  });

  it("of two stages side by side, the one that ends first calls back, and the run waits for the other", async () => {
    const { api, signals } = system.server;
    const post = (stage: string) =>
      `curl -fsS -X POST "$MAXQ_API/runs/$MAXQ_RUN_ID/steps" -d '{"stage": "${stage}", "steps": [{"name": "${stage}"}]}'`;
    const flow = system.flows.add(
      "side-by-side",
      `[ -n "$MAXQ_COMPLETED_STAGE" ] || { ${post("fast")} && ${post("slow")}; }`,
      {
        fast: noop,
        slow: `touch "$TEST_SIGNALS/slow-$MAXQ_RUN_ID"; until [ -e "$TEST_SIGNALS/$MAXQ_RUN_ID" ]; do sleep 0.05; done`,
      },
    );
    const runId = await api.trigger(flow);
    await system.stepIs(runId, "flow:2", "completed");
    await until("the slow step runs", () => existsSync(join(signals, `slow-${runId}`)));
    expect((await api.run(runId)).status).to.equal("running");
    expect((await api.step(runId, "slow.slow")).status).to.equal("running");

    writeFileSync(join(signals, runId), "");
    const run = await api.ended(runId);
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
    expect((await api.step(runId, "flow:3")).status, "the slow stage calls back too").to.equal("completed");
  });
});
