/** Every example of the first description of MaxQ: the server that flows talk to by curl, without an Authorization header. */
import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { onEachDatabase } from "../system/databases.js";

onEachDatabase(
  "examples of the HTTP dialect",
  { flows: join(import.meta.dirname, "server/flows") },
  (system) => {
    for (const round of ["first", "second"]) {
      describe(`run a ${round} time`, () => {
        it("hello_world greets, posts its fields, and says farewell", async () => {
          const { api } = system.server;
          const answer = await api.post("/flows/hello_world/runs", {});
          expect(answer.status).to.equal(201);
          const run = await api.ended(answer.body.id);
          expect(run.status, JSON.stringify(run.error)).to.equal("completed");

          const steps = await api.steps(run.id);
          expect(steps.map((step) => [step.id, step.stageName, step.status])).to.deep.equal([
            ["greet-step", "greeting", "completed"],
            ["farewell-step", "farewell", "completed"],
          ]);
          const { fields } = (await api.get(`/runs/${run.id}/fields?stepId=greet-step`)).body;
          expect(fields).to.have.length(1);
          expect(fields[0].fields.message).to.equal("Hello, World!");
          expect(fields[0].fields.timestamp).to.be.closeTo(Date.now() / 1000, 60);
          expect((await api.step(run.id, "greet-step")).stdout).to.match(/^Hello, World!\n/);
          expect((await api.step(run.id, "farewell-step")).stdout).to.equal("Goodbye, World!\n");
        });

        it("three step ids of one script run with their own env", async () => {
          const { api } = system.server;
          const run = await api.runToEnd("parallel");
          expect(run.status, JSON.stringify(run.error)).to.equal("completed");
          for (const shard of ["0", "1", "2"]) {
            const step = await api.step(run.id, `scraper-${shard}`);
            expect(step.stdout).to.equal(`scraper-${shard} scrapes shard ${shard}\n`);
          }
        });

        it("process-1 and process-2 start after fetch-data has completed, and can query its fields", async () => {
          const { api } = system.server;
          const run = await api.runToEnd("dag");
          expect(run.status, JSON.stringify(run.error)).to.equal("completed");
          const fetched = await api.step(run.id, "fetch-data");
          for (const id of ["process-1", "process-2"]) {
            const step = await api.step(run.id, id);
            expect(step.startedAt).to.be.at.least(fetched.completedAt);
            const { fields } = JSON.parse(step.stdout);
            expect(fields).to.have.length(1);
            expect(fields[0]).to.include({ stepId: "fetch-data", stepName: "fetch", status: "completed" });
            expect(fields[0].fields).to.deep.equal({ articles: [1, 2, 3], count: 42 });
          }
        });

        it("a running workflow is aborted and retried by a bare POST", async () => {
          const { api, signals } = system.server;
          const runId = await api.trigger("slow");
          await system.stepIs(runId, "second", "running");
          const quick = await api.step(runId, "first");

          const aborted = await api.post(`/runs/${runId}/abort`);
          expect(aborted.status, JSON.stringify(aborted.body)).to.equal(200);
          expect(aborted.body.processesKilled).to.equal(1);
          expect((await api.ended(runId)).status).to.equal("aborted");

          writeFileSync(join(signals, runId), "");
          const retried = await api.post(`/runs/${runId}/retry`);
          expect(retried.status, JSON.stringify(retried.body)).to.equal(200);
          expect(retried.body.run.id).to.equal(runId);
          const run = await api.ended(runId);
          expect(run.status, JSON.stringify(run.error)).to.equal("completed");
          const again = await api.step(runId, "first");
          expect(again.attempt, "what was completed does not run again").to.equal(quick.attempt);
          expect((await api.step(runId, "second")).attempt).to.equal(2);
        });

        it("runs are listed by flow and status, log entries are kept", async () => {
          const { api } = system.server;
          const run = await api.runToEnd("hello_world");
          const list = await api.get("/runs?flowName=hello_world&status=completed");
          expect(list.status).to.equal(200);
          expect(list.body.data.map((each: { id: string }) => each.id)).to.include(run.id);
          expect(
            list.body.data.every((each: { flowName: string }) => each.flowName === "hello_world"),
          ).to.equal(true);

          const log = { level: "info", message: "hello", entityType: "run", entityId: run.id };
          expect((await api.post(`/runs/${run.id}/logs`, log)).status).to.equal(201);
          const { body } = await api.get(`/runs/${run.id}/logs`);
          expect(body.logs[0]).to.include(log);
          expect(body.count).to.equal(body.logs.length);
        });
      });
    }
  },
);
