/** The examples of both descriptions again, on a server that has a key: scripts that send no header reach it by their MAXQ_API, everybody else needs the key. */
import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Answer, Api } from "../system/api.js";
import { onEachDatabase } from "../system/databases.js";

const key = "the-key-of-this-server";
const documents = join(import.meta.dirname, "../documented-examples");

async function completes(api: Api, flow: string): Promise<Answer["body"]> {
  const run = await api.runToEnd(flow);
  expect(run.status, JSON.stringify(run.error)).to.equal("completed");
  return run;
}

const stdout = async (api: Api, runId: string, stepId: string) =>
  (await api.step(runId, stepId)).stdout as string;

const http = { flows: join(documents, "server/flows"), env: { MAXQ_API_KEY: key } };

onEachDatabase("examples of the HTTP dialect under a key", http, (system) => {
  const keyed = () => system.server.api.as(key);

  it("nothing is answered without it, and nothing is started", async () => {
    const { api } = system.server;
    for (const asked of [api, api.as("test-token"), api.as(`${key}x`), api.as("")]) {
      const answer = await asked.post("/flows/hello_world/runs", {});
      expect([answer.status, answer.body.code]).to.deep.equal([401, "UNAUTHORIZED"]);
      expect(answer.headers.get("www-authenticate")).to.match(/^Bearer/);
    }
    expect((await keyed().get("/runs")).body.pagination.total).to.equal(0);
  });

  it("hello_world posts its fields without a header", async () => {
    const run = await completes(keyed(), "hello_world");
    expect((await keyed().steps(run.id)).map((step) => [step.id, step.status])).to.deep.equal([
      ["greet-step", "completed"],
      ["farewell-step", "completed"],
    ]);
    const { fields } = (await keyed().get(`/runs/${run.id}/fields?stepId=greet-step`)).body;
    expect(fields[0].fields.message).to.equal("Hello, World!");
    expect(fields[0].fields.timestamp).to.be.closeTo(Date.now() / 1000, 60);
    expect(await stdout(keyed(), run.id, "farewell-step")).to.equal("Goodbye, World!\n");
  });

  it("three step ids of one script run with their own env", async () => {
    const run = await completes(keyed(), "parallel");
    for (const shard of ["0", "1", "2"])
      expect(await stdout(keyed(), run.id, `scraper-${shard}`)).to.equal(
        `scraper-${shard} scrapes shard ${shard}\n`,
      );
  });

  it("steps post fields without a Content-Type, and others query them", async () => {
    const run = await completes(keyed(), "dag");
    for (const id of ["process-1", "process-2"]) {
      const { fields } = JSON.parse(await stdout(keyed(), run.id, id));
      expect(fields).to.have.length(1);
      expect(fields[0]).to.deep.include({
        stepId: "fetch-data",
        fields: { articles: [1, 2, 3], count: 42 },
      });
    }
  });

  it("a run is aborted and retried with the key alone", async () => {
    const { api, signals } = system.server;
    const runId = await keyed().trigger("slow");
    await keyed().stepIs(runId, "second", "running");
    // The call that asked for it may go on for a moment, and is counted as long as its end is not recorded.
    await keyed().stepIs(runId, "flow:1", "completed");
    for (const action of ["abort", "retry"])
      expect((await api.post(`/runs/${runId}/${action}`)).status).to.equal(401);
    expect((await keyed().post(`/runs/${runId}/abort`)).body.processesKilled).to.equal(1);
    writeFileSync(join(signals, runId), "");
    expect((await keyed().post(`/runs/${runId}/retry`)).status).to.equal(200);
    expect((await keyed().ended(runId)).status).to.equal("completed");
    expect((await keyed().step(runId, "first")).attempt).to.equal(1);
    expect((await keyed().step(runId, "second")).attempt).to.equal(2);
  });
});

const printing = { flows: join(documents, "embedded/flows"), env: { MAXQ_API_KEY: key } };

onEachDatabase("examples of the stdout dialect under a key", printing, (system) => {
  const keyed = () => system.server.api.as(key);

  it("hello says hello", async () => {
    const created = await keyed().post("/runs", { flowName: "hello", input: { a: [1] }, metadata: { b: 1 } });
    expect([created.status, created.body.status]).to.deep.equal([201, "pending"]);
    const run = await keyed().ended(created.body.id);
    expect(run).to.deep.include({ status: "completed", input: { a: [1] }, metadata: { b: 1 } });
    expect(await stdout(keyed(), run.id, "greet.say-hello")).to.equal("Hello from MaxQ\n");
  });

  it("stages, circles of dependencies and instances run as they do without a key", async () => {
    for (const [flow, count] of [
      ["multi-stage", 4],
      ["dag", 4],
      ["dag-example", 4],
      ["parallel", 10],
      ["shape", 1],
    ] as const) {
      const run = await completes(keyed(), flow);
      const steps = await keyed().steps(run.id);
      expect(
        steps.map(({ status }) => status as string),
        flow,
      ).to.deep.equal(Array(count).fill("completed"));
    }
  });

  it("data-pipeline stores artifacts with its token as bearer, and reads them without", async () => {
    const run = await completes(keyed(), "data-pipeline");
    const data = await keyed().get(`/runs/${run.id}/artifacts/data`);
    expect(data.body.data).to.deep.equal({ records: [1, 2, 3, 4, 5] });
    const list = await keyed().get(`/runs/${run.id}/artifacts`);
    expect(list.body.data.map(({ name }: { name: string }) => name)).to.deep.equal([
      "chunk-0",
      "chunk-1",
      "chunk-2",
      "chunk-3",
      "chunk-4",
      "data",
    ]);
    const lines = (await stdout(keyed(), run.id, "aggregate.aggregate-results")).trimEnd().split("\n");
    expect(lines.slice(0, -1).map((line) => JSON.parse(line).data.result as number)).to.deep.equal([
      0, 1, 2, 3, 4,
    ]);
  });

  it("flaky-step gets its retries, and a failed run its retry", async () => {
    const flaky = await completes(keyed(), "flaky");
    expect((await keyed().step(flaky.id, "work.flaky-step")).attempt).to.equal(4);
    const failed = await keyed().runToEnd("failure-handler");
    expect([failed.status, failed.error.code]).to.deep.equal(["failed", "STEP_FAILED"]);
    writeFileSync(join(system.server.signals, failed.id), "");
    const step = `/runs/${failed.id}/steps/work.flaky-step/retry?cascade=true`;
    expect((await system.server.api.post(step)).status).to.equal(401);
    expect((await keyed().post(step)).status).to.equal(200);
    expect((await keyed().ended(failed.id)).status).to.equal("completed");
  });

  it("a run is paused and resumed, listed and logged about", async () => {
    const runId = await keyed().trigger("slow");
    await keyed().stepIs(runId, "wait.until-told", "running");
    expect((await keyed().post(`/runs/${runId}/pause`)).body.run.status).to.equal("paused");
    writeFileSync(join(system.server.signals, runId), "");
    await keyed().stepIs(runId, "wait.until-told", "completed");
    expect((await keyed().step(runId, "wait.after")).status).to.equal("pending");
    const paused = await keyed().get("/runs?status=paused&flowName=slow&limit=10&offset=0");
    expect(paused.body.data.map(({ id }: { id: string }) => id)).to.deep.equal([runId]);
    const done = await keyed().get(`/runs/${runId}/steps?status=completed&limit=10`);
    expect(done.body.data).to.have.length(2);
    const log = { level: "error", message: "oh", entityType: "step", entityId: "uuid", metadata: {} };
    expect((await keyed().post(`/runs/${runId}/logs`, log)).status).to.equal(201);
    const logs = await keyed().get(`/runs/${runId}/logs?level=error&entityType=step&limit=100`);
    expect(logs.body.logs[0]).to.deep.include(log);
    expect((await keyed().post(`/runs/${runId}/resume`)).status).to.equal(200);
    expect((await keyed().ended(runId)).status).to.equal("completed");
  });
});
