/** Every example of the second description of MaxQ: the embedded one, whose flows print their stages. */
import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onEachDatabase } from "../system/databases.js";

const flows = join(import.meta.dirname, "embedded/flows");
const authorization = { authorization: "Bearer test-token" };

onEachDatabase("examples of the stdout dialect", { flows }, (system) => {
  for (const round of ["first", "second"]) {
    describe(`run a ${round} time`, () => {
      it("hello is triggered by POST /runs and says hello", async () => {
        const { api } = system.server;
        const created = await api.post("/runs", { flowName: "hello" }, authorization);
        expect(created.status).to.equal(201);
        expect(created.headers.get("location")).to.match(new RegExp(`/runs/${created.body.id}$`));
        const run = await api.ended(created.body.id);
        expect(run.status, JSON.stringify(run.error)).to.equal("completed");
        const [step] = await api.steps(run.id);
        expect((await api.step(run.id, step.id)).stdout).to.equal("Hello from MaxQ\n");
      });

      it("POST /runs answers the shape that is documented", async () => {
        const body = { flowName: "hello", input: { a: [1] }, metadata: { owner: "me" } };
        const created = await system.server.api.post("/runs", body, authorization);
        expect(created.body).to.include({ flowName: "hello", status: "pending" });
        expect(created.body.id).to.match(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
        expect(created.body.input).to.deep.equal(body.input);
        expect(created.body.metadata).to.deep.equal(body.metadata);
        expect(created.body.createdAt).to.be.closeTo(Date.now(), 60_000);
        const run = await system.server.api.ended(created.body.id);
        expect(run).to.deep.include({
          input: body.input,
          metadata: body.metadata,
          createdAt: created.body.createdAt,
        });
      });

      it("the multi-stage flow runs its stages one after the other", async () => {
        const { api } = system.server;
        const run = await api.runToEnd("multi-stage");
        expect(run.status, JSON.stringify(run.error)).to.equal("completed");
        const steps = await api.steps(run.id);
        expect(steps.map((step) => `${step.stageName}/${step.name} ${step.status}`)).to.deep.equal([
          "data-fetch/fetch-users completed",
          "data-fetch/fetch-orders completed",
          "analysis/analyze-data completed",
          "report/generate-report completed",
        ]);
        const [users, orders, analysis, report] = steps;
        expect(analysis.startedAt).to.be.at.least(Math.max(users.completedAt, orders.completedAt));
        expect(report.startedAt).to.be.at.least(analysis.completedAt);
      });

      for (const [flow, edges] of [
        ["dag", ["a b", "a c", "b d", "c d"].map((edge) => edge.replace(/\w/g, "step-$&"))],
        ["dag-example", ["fetch transform-a", "fetch transform-b", "transform-a merge", "transform-b merge"]],
      ] as const) {
        it(`${flow} runs in the order of its dependencies`, async () => {
          const { api } = system.server;
          const run = await api.runToEnd(flow);
          expect(run.status, JSON.stringify(run.error)).to.equal("completed");
          const steps = new Map((await api.steps(run.id)).map((step) => [step.name as string, step]));
          expect(steps.size).to.equal(4);
          for (const edge of edges) {
            const [before, after] = edge.split(" ").map((name) => steps.get(name));
            expect(before.status).to.equal("completed");
            expect(after.startedAt, edge).to.be.at.least(before.completedAt);
          }
        });
      }

      it("ten instances run side by side, each with its number", async () => {
        const { api } = system.server;
        const run = await api.runToEnd("parallel");
        expect(run.status, JSON.stringify(run.error)).to.equal("completed");
        const steps = await api.steps(run.id);
        expect(steps.map((step) => step.sequence)).to.deep.equal([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
        expect(new Set(steps.map((step) => step.id)).size).to.equal(10);
        for (const step of steps)
          expect((await api.step(run.id, step.id)).stdout).to.equal(
            `${step.id} is number ${step.sequence}\n`,
          );
      });

      it("data-pipeline stores its artifacts, and its last step fetches all five results", async () => {
        const { api } = system.server;
        const run = await api.runToEnd("data-pipeline");
        expect(run.status, JSON.stringify(run.error)).to.equal("completed");
        const data = await api.get(`/runs/${run.id}/artifacts/data`);
        expect(data.body.data).to.deep.equal({ records: [1, 2, 3, 4, 5] });
        for (let chunk = 0; chunk < 5; chunk++) {
          const artifact = await api.get(`/runs/${run.id}/artifacts/chunk-${chunk}`);
          expect(artifact.body.data).to.deep.equal({ result: chunk });
        }
        const last = (await api.steps(run.id)).at(-1);
        const { stdout } = await api.step(run.id, last.id);
        const lines = (stdout as string).trimEnd().split("\n");
        expect(lines.at(-1)).to.equal("Aggregation complete");
        const results = lines.slice(0, -1).map((line) => JSON.parse(line).data.result as number);
        expect(results).to.deep.equal([0, 1, 2, 3, 4]);
      });

      it("the document under 'Flow Scripts' is accepted, and its step sees every documented variable", async () => {
        const { api } = system.server;
        const run = await api.runToEnd("shape");
        expect(run.status, JSON.stringify(run.error)).to.equal("completed");
        const steps = await api.steps(run.id);
        expect(steps, "the repeated document schedules nothing").to.have.length(1);
        const { stdout } = await api.step(run.id, steps[0].id);
        const [runId, stepId, name, stage, sequence, base] = stdout.trimEnd().split("|");
        expect([runId, stepId, name, stage, sequence]).to.deep.equal([
          run.id,
          steps[0].id,
          "step-name",
          "stage-name",
          "0",
        ]);
        expect(base).to.match(/^http:\/\/127\.0\.0\.1:\d+\//);
      });

      it("flaky-step is retried up to three times", async () => {
        const { api } = system.server;
        const run = await api.runToEnd("flaky");
        expect(run.status, JSON.stringify(run.error)).to.equal("completed");
        const [{ id }] = await api.steps(run.id);
        const step = await api.step(run.id, id);
        expect(step).to.include({ status: "completed", attempt: 4, stdout: "attempt 4\n" });
        const attempts = step.attempts.map((each: { status: string }) => each.status);
        expect(attempts).to.deep.equal(["failed", "failed", "failed", "completed"]);
      });

      it("a failure handler that exits 1 leaves the run failed; a retry can complete it", async () => {
        const { api, signals } = system.server;
        const failed = await api.runToEnd("failure-handler");
        expect(failed.status).to.equal("failed");
        expect(failed.error.code).to.equal("STEP_FAILED");
        const [{ id, status }] = await api.steps(failed.id);
        expect(status).to.equal("failed");
        expect((await api.step(failed.id, "flow:2")).stdout).to.equal("Stage work failed\n");

        writeFileSync(join(signals, failed.id), "");
        const retried = await api.post(`/runs/${failed.id}/retry`, undefined, authorization);
        expect(retried.status, JSON.stringify(retried.body)).to.equal(200);
        const run = await api.ended(failed.id);
        expect(run.status, JSON.stringify(run.error)).to.equal("completed");
        expect((await api.step(run.id, id)).attempt).to.equal(5);
      });

      it("a failed step is retried, with what depends on it", async () => {
        const { api, signals } = system.server;
        const failed = await api.runToEnd("failure-handler");
        writeFileSync(join(signals, failed.id), "");
        const [{ id }] = await api.steps(failed.id);
        const answer = await api.post(
          `/runs/${failed.id}/steps/${id}/retry?cascade=true`,
          undefined,
          authorization,
        );
        expect(answer.status, JSON.stringify(answer.body)).to.equal(200);
        expect(answer.body.step.id).to.equal(id);
        expect(answer.body.cascadedSteps).to.deep.equal([]);
        const run = await api.ended(failed.id);
        expect(run.status, JSON.stringify(run.error)).to.equal("completed");
      });

      it("a run is paused, resumed and aborted", async () => {
        const { api, signals } = system.server;
        const runId = await api.trigger("slow");
        await system.stepIs(runId, "wait.until-told", "running");
        const paused = await api.post(`/runs/${runId}/pause`, undefined, authorization);
        expect(paused.status, JSON.stringify(paused.body)).to.equal(200);
        expect(paused.body.run.status).to.equal("paused");

        writeFileSync(join(signals, runId), "");
        await system.stepIs(runId, "wait.until-told", "completed");
        expect((await api.step(runId, "wait.after")).status, "nothing new starts").to.equal("pending");

        const resumed = await api.post(`/runs/${runId}/resume`, undefined, authorization);
        expect(resumed.status, JSON.stringify(resumed.body)).to.equal(200);
        const run = await api.ended(runId);
        expect(run.status, JSON.stringify(run.error)).to.equal("completed");

        const other = await api.trigger("slow");
        await system.stepIs(other, "wait.until-told", "running");
        expect((await api.post(`/runs/${other}/abort`, undefined, authorization)).status).to.equal(200);
        expect((await api.ended(other)).status).to.equal("aborted");
      });

      it("runs and steps are listed by status, logs by level and entity", async () => {
        const { api } = system.server;
        const runId = await api.trigger("slow");
        await system.stepIs(runId, "wait.until-told", "running");
        const running = await api.get("/runs?status=running&flowName=slow&limit=10&offset=0", authorization);
        expect(running.status).to.equal(200);
        expect(running.body.data.map((run: { id: string }) => run.id)).to.include(runId);
        expect(running.body.pagination).to.include({ limit: 10, offset: 0 });
        const steps = await api.get(`/runs/${runId}/steps?status=completed&limit=10`, authorization);
        expect(steps.body.data.map((step: { id: string }) => step.id)).to.deep.equal(["wait.quick"]);

        const log = {
          level: "error",
          message: "oh",
          entityType: "step",
          entityId: "uuid",
          metadata: { n: 0 },
        };
        expect((await api.post(`/runs/${runId}/logs`, log, authorization)).status).to.equal(201);
        await api.post(`/runs/${runId}/logs`, { ...log, level: "info" }, authorization);
        const found = await api.get(
          `/runs/${runId}/logs?level=error&entityType=step&limit=100`,
          authorization,
        );
        expect(found.body.count).to.equal(1);
        expect(found.body.logs[0]).to.deep.include(log);
        await api.post(`/runs/${runId}/abort`);
        await api.ended(runId);
      });
    });
  }
});
