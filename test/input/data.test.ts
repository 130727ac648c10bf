/** Fields and artifacts: what steps leave for others. */
import { expect } from "chai";
import { heard, say, says, waits } from "../control/signals.js";
import { onEachDatabase } from "../system/databases.js";

const key = "the-key-of-this-server";

for (const [title, env, bearer] of [
  ["without a key", {}, "test-token"],
  ["under a key", { MAXQ_API_KEY: key }, key],
] as const)
  onEachDatabase(`data ${title}`, { env }, (system) => {
    const api = () => system.server.api.as(bearer);
    let runId: string;
    before(async () => {
      const steps = [
        { name: "shard", instances: 3 },
        { id: "other", name: "other" },
      ];
      const script = `${says("up-$MAXQ_STEP_ID")}; ${waits("go")}`;
      const flow = system.flows.stage(
        "data",
        { stage: "s", steps, final: true },
        { shard: script, other: script },
      );
      runId = await api().trigger(flow);
      await heard(system, runId, "up-other");
    });

    const fieldsOf = async (query = "") =>
      (await api().get(`/runs/${runId}/fields${query}`)).body.fields as {
        stepId: string;
        stepName: string;
        stageName: string;
        status: string;
        fields: unknown;
        completedAt: number | null;
      }[];
    const post = (stepId: string, fields: unknown) =>
      api().post(`/runs/${runId}/steps/${stepId}/fields`, { fields });

    it("fields merge key by key: what is not named stays, what is named is replaced whole", async () => {
      expect((await post("other", { a: 1, b: { c: [1] } })).body).to.deep.equal({
        id: "other",
        runId,
        fields: { a: 1, b: { c: [1] } },
      });
      await post("other", { b: { d: 0 }, e: null });
      expect((await post("other", {})).body.fields).to.deep.equal({ a: 1, b: { d: 0 }, e: null });
      expect(await fieldsOf("?stepId=other")).to.deep.equal([
        {
          stepId: "other",
          stepName: "other",
          stageName: "s",
          status: "running",
          fields: { a: 1, b: { d: 0 }, e: null },
          completedAt: null,
        },
      ]);
    });

    it("fields that many post at once are all there", async () => {
      const answers = await Promise.all(
        Array.from({ length: 40 }, (_, n) => post("s.shard.0", { [`k${n}`]: n, last: n })),
      );
      expect(answers.map(({ status }) => status)).to.deep.equal(Array(40).fill(200));
      const [{ fields }] = (await fieldsOf("?stepId=s.shard.0")) as unknown as [
        { fields: Record<string, number> },
      ];
      expect(Object.keys(fields)).to.have.length(41);
    });

    it("fields are queried by several step ids and by name", async () => {
      await post("s.shard.1", { x: 1, y: 2 });
      await post("s.shard.2", { x: 3 });
      const two = await fieldsOf("?stepId=s.shard.2,s.shard.1");
      expect(two.map(({ stepId }) => stepId)).to.have.members(["s.shard.1", "s.shard.2"]);
      const named = await fieldsOf("?stepId=s.shard.1,s.shard.2&fieldName=y");
      expect(new Map(named.map(({ stepId, fields }) => [stepId, fields])).get("s.shard.1")).to.deep.equal({
        y: 2,
      });
      expect(JSON.stringify(await fieldsOf("?fieldName=x"))).not.to.contain('"y"');
      expect(await fieldsOf("?stepId=nobody")).to.deep.equal([]);
      for (const part of ["s.shard", "shar", "othe"])
        expect(await fieldsOf(`?stepId=${part}`), part).to.deep.equal([]);
      expect((await fieldsOf()).map(({ stepId }) => stepId)).to.include.members([
        "other",
        "s.shard.1",
        "s.shard.2",
      ]);
    });

    it("an artifact is replaced by a second one of its name, which counts its versions, and listed without data", async () => {
      const put = (data: unknown) => api().post(`/runs/${runId}/artifacts`, { name: "report.v1", data });
      expect([(await put({ n: 1 })).status, (await put([2])).status, (await put(null)).status]).to.deep.equal(
        [201, 200, 200],
      );
      const one = (await api().get(`/runs/${runId}/artifacts/report.v1`)).body;
      expect(one).to.deep.include({ name: "report.v1", runId, data: null, version: 3 });
      for (let n = 0; n < 5; n++)
        await api().post(`/runs/${runId}/artifacts`, { name: `chunk-${n}`, data: n });
      const names: string[] = [];
      for (let cursor = ""; ;) {
        const { data, pagination } = (await api().get(`/runs/${runId}/artifacts?limit=2${cursor}`)).body;
        names.push(...data.map((each: { name: string }) => each.name));
        expect(data[0]).not.to.have.property("data");
        expect(pagination.total).to.equal(6);
        if (pagination.nextCursor === null) break;
        cursor = `&cursor=${encodeURIComponent(pagination.nextCursor as string)}`;
      }
      expect(names).to.deep.equal(["chunk-0", "chunk-1", "chunk-2", "chunk-3", "chunk-4", "report.v1"]);
      expect((await api().request("DELETE", `/runs/${runId}/artifacts/report.v1`)).status).to.equal(200);
      expect((await api().get(`/runs/${runId}/artifacts/report.v1`)).body.code).to.equal(
        "ARTIFACT_NOT_FOUND",
      );
      expect((await put(1)).status).to.equal(201);
    });

    it("artifacts that many post at once under one name leave one of them, and every version is counted", async () => {
      const answers = await Promise.all(
        Array.from({ length: 20 }, (_, n) =>
          api().post(`/runs/${runId}/artifacts`, { name: "busy", data: n }),
        ),
      );
      expect(answers.filter(({ status }) => status === 201)).to.have.length(1);
      expect(answers.map(({ body }) => body.version as number).sort((a, b) => a - b)).to.deep.equal(
        Array.from({ length: 20 }, (_, n) => n + 1),
      );
    });

    it("all of it is there when the run is over, and gone when it is deleted", async () => {
      expect((await api().request("DELETE", `/runs/${runId}`)).body.code).to.equal("RUN_NOT_OVER");
      say(system, runId, "go");
      expect((await api().ended(runId)).status).to.equal("completed");
      expect((await fieldsOf("?stepId=other"))[0]).to.deep.include({
        status: "completed",
        fields: { a: 1, b: { d: 0 }, e: null },
      });
      expect((await api().request("DELETE", `/runs/${runId}`)).status).to.equal(200);
      for (const path of [
        "",
        "/steps",
        "/stages",
        "/flow-calls",
        "/fields",
        "/artifacts",
        "/artifacts/busy",
        "/logs",
        "/events",
        "/steps/other",
        "/steps/other/output",
      ])
        expect((await api().get(`/runs/${runId}${path}`)).body.code, path).to.equal("RUN_NOT_FOUND");
      expect((await api().get("/runs")).body.data).to.deep.equal([]);
    });
  });
