import { defaultLimits, planStage, type StageDocument } from "@maxq/core";
import { expect } from "chai";
import { forEachDatabase } from "@maxq/test-kit";
import { send, type Parsed } from "./http.js";
import { aServer, type TestServer } from "./server.js";

const stage = (name: string, steps: object[] = [{ name: "greet" }], more: object = {}) => ({
  stage: name,
  steps,
  ...more,
});

describe("scheduling over HTTP", () => {
  forEachDatabase((openStore) => {
    let server: TestServer;
    before(async () => (server = await aServer(await openStore())));
    after(() => server.close());

    it("stores a stage: 201, the same again: 200, another body: 409", async () => {
      const id = await server.aRun();
      const body = stage("a", [
        { name: "greet", instances: 2 },
        { id: "bye", name: "farewell", dependsOn: ["greet"] },
      ]);
      const first = await server.post(`/runs/${id}/steps`, body);
      expect(first.status).to.equal(201);
      expect(first.json).to.deep.equal({
        stage: "a",
        scheduled: 3,
        steps: [
          { id: "a.greet.0", name: "greet", status: "pending" },
          { id: "a.greet.1", name: "greet", status: "pending" },
          { id: "bye", name: "farewell", status: "pending" },
        ],
      });
      const again = await server.post(`/runs/${id}/steps`, body);
      expect([again.status, again.json.scheduled, again.json.steps]).to.deep.equal([
        200,
        0,
        first.json.steps,
      ]);
      expect((await server.post(`/runs/${id}/steps`, stage("a"))).json.code).to.equal("STAGE_CONFLICT");
      const steps = await server.api(`/runs/${id}/steps?stage=a&status=pending&limit=2`);
      expect(steps.json.data.map((step: Parsed) => step.id)).to.deep.equal(["a.greet.0", "a.greet.1"]);
      expect(steps.json.pagination.total).to.equal(3);
      const run = (await server.api(`/runs/${id}`)).json;
      expect(run.stages[0]).to.include({ name: "a", final: false });
      expect(run.stages[0].counts.pending).to.equal(3);
      expect((await server.api(`/runs/${id}/stages`)).json.data).to.deep.equal(run.stages);
      expect((await server.api(`/runs/${id}/steps/bye`)).json).to.deep.include({
        dependsOn: ["greet"],
        attempts: [],
        stdout: "",
      });
      expect((await server.api(`/runs/${id}/flow-calls`)).json.data).to.have.length(1);
      expect((await server.api(`/runs/${id}/steps/flow:1`)).json.id).to.equal("flow:1");
      expect((await server.api(`/runs/${id}/steps/nothing`)).json.code).to.equal("STEP_NOT_FOUND");
    });

    for (const [what, body, code] of [
      ["a step without a script", stage("s", [{ name: "missing" }]), "SCRIPT_NOT_FOUND"],
      ["a misspelt key", stage("s", [{ name: "greet", dependson: [] }]), "INVALID_STAGE"],
      ["an unknown dependency", stage("s", [{ name: "greet", dependsOn: ["x"] }]), "UNKNOWN_DEPENDENCY"],
      ["a reserved variable", stage("s", [{ name: "greet", env: { MAXQ_API: "x" } }]), "INVALID_ENV"],
      ["a name with a dot", stage("a.b"), "INVALID_NAME"],
      ["nothing", {}, "INVALID_STAGE"],
    ] as const) {
      it(`refuses ${what} as a whole: ${code}`, async () => {
        const id = await server.aRun();
        const { status, json } = await server.post(`/runs/${id}/steps`, body);
        expect([status, json.code]).to.deep.equal([400, code]);
        expect((await server.api(`/runs/${id}/stages`)).json.data).to.deep.equal([]);
      });
    }

    for (const [what, body, code] of [
      ["by the document", JSON.stringify(stage("s", [{ name: "missing" }])), "SCRIPT_NOT_FOUND"],
      ["before it was read", "{oops", "INVALID_JSON"],
    ] as const) {
      it(`fails the run of a flow call that was refused ${what}, with that code`, async () => {
        const id = await server.aRun({ priority: 5 });
        const call = await server.claim(id);
        const { api } = server.tokenOf(id, call);
        expect((await send(`${api}/runs/${id}/steps`, { method: "POST", body })).json.code).to.equal(code);
        await server.complete(call);
        const run = (await server.api(`/runs/${id}`)).json;
        expect([run.status, run.error?.code]).to.deep.equal(["failed", code]);
      });
    }

    for (const [what, body, headers, code] of [
      ["is too large", " ".repeat(17_000_000), {}, "PAYLOAD_TOO_LARGE"],
      ["is not compressed as it says", "{", { "Content-Encoding": "gzip" }, "INVALID_REQUEST"],
      ["is compressed as nobody knows", "{", { "Content-Encoding": "rot13" }, "UNSUPPORTED_MEDIA_TYPE"],
    ] as const) {
      it(`fails the run of a flow call whose request for a stage ${what}, with the code of the refusal`, async () => {
        const id = await server.aRun({ priority: 5 });
        const call = await server.claim(id);
        const { api } = server.tokenOf(id, call);
        const answer = await send(`${api}/runs/${id}/steps`, { method: "POST", body, headers });
        expect(answer.json.code).to.equal(code);
        await server.complete(call);
        const run = (await server.api(`/runs/${id}`)).json;
        expect([run.status, run.error?.code]).to.deep.equal(["failed", code]);
      });
    }

    it("answers a repeat although a script of the stage is gone by now, and another body as a conflict", async () => {
      const id = await server.aRun();
      const body = stage("a", [{ name: "gone" }]);
      const planned = planStage(body as StageDocument, defaultLimits);
      if (!planned.ok) throw new Error(planned.problem.message);
      await server.store.scheduleStage(id, planned.plan, null);
      const again = await server.post(`/runs/${id}/steps`, body);
      expect([again.status, again.json]).to.deep.equal([
        200,
        { stage: "a", scheduled: 0, steps: [{ id: "a.gone", name: "gone", status: "pending" }] },
      ]);
      const other = await server.post(`/runs/${id}/steps`, { ...body, final: true });
      expect([other.status, other.json.code]).to.deep.equal([409, "STAGE_CONFLICT"]);
      const next = await server.post(`/runs/${id}/steps`, { ...body, stage: "b" });
      expect([next.status, next.json.code]).to.deep.equal([400, "SCRIPT_NOT_FOUND"]);
    });

    it("ends the run with {final: true} alone", async () => {
      const id = await server.aRun({ priority: 5 });
      const call = await server.claim(id);
      const { api } = server.tokenOf(id, call);
      const final = await send(`${api}/runs/${id}/steps`, {
        method: "POST",
        body: { final: true, output: 0 },
      });
      expect([final.status, final.json.final]).to.deep.equal([200, true]);
      await server.complete(call);
      expect((await server.api(`/runs/${id}`)).json).to.include({ status: "completed", output: 0 });
    });

    it("retries a step that failed, and no other", async () => {
      const id = await server.aRun();
      await server.post(`/runs/${id}/steps`, stage("a"));
      const refused = await server.post(`/runs/${id}/steps/a.greet/retry`);
      expect([refused.status, refused.json.code]).to.deep.equal([409, "STEP_NOT_OVER"]);
      await server.post(`/runs/${id}/abort`);
      const { status, json } = await server.post(`/runs/${id}/steps/a.greet/retry?cascade=true`);
      expect([status, json.step.status, json.cascadedSteps]).to.deep.equal([200, "pending", []]);
      await server.post(`/runs/${id}/abort`);
    });
  });
});
