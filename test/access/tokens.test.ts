/** What a script's token reaches: its own run while its attempt lives, and then to read. */
import { expect } from "chai";
import { heard, say, says, waits } from "../control/signals.js";
import { Api } from "../system/api.js";
import { onEachDatabase } from "../system/databases.js";

const key = "the-key-of-this-server";
const log = { message: "hi" };
const next = { stage: "t", steps: [{ id: "more", name: "it" }] };

/** Every request that is about one run, and a body that it would take. */
const requests: readonly (readonly [method: string, path: string, body?: unknown])[] = [
  ["GET", ""],
  ["GET", "?wait=1"],
  ["GET", "/steps"],
  ["GET", "/stages"],
  ["GET", "/flow-calls"],
  ["GET", "/steps/it"],
  ["GET", "/steps/it/output"],
  ["GET", "/steps/flow:1/output"],
  ["GET", "/fields"],
  ["GET", "/artifacts"],
  ["GET", "/artifacts/a"],
  ["GET", "/logs"],
  ["GET", "/events"],
  ["PATCH", "", { name: "mine" }],
  ["POST", "/pause"],
  ["POST", "/resume"],
  ["POST", "/abort"],
  ["POST", "/retry"],
  ["POST", "/retry?mode=new"],
  ["POST", "/steps", next],
  ["POST", "/steps", { final: true }],
  ["POST", "/steps/it/fields", { fields: { mine: true } }],
  ["POST", "/steps/it/retry"],
  ["POST", "/artifacts", { name: "a", data: "mine" }],
  ["DELETE", "/artifacts/a"],
  ["POST", "/logs", log],
  ["DELETE", ""],
];

/** All that is stored of a run, without what the clock alone changes. */
async function everythingOf(api: Api, runId: string): Promise<string> {
  const paths = ["", "/steps", "/stages", "/flow-calls", "/fields", "/artifacts", "/artifacts/a", "/logs"];
  const bodies = await Promise.all(
    paths.map(async (path) => (await api.get(`/runs/${runId}${path}`)).body as unknown),
  );
  return JSON.stringify(
    bodies,
    (name, value: unknown) => (["durationMs", "requestId"].includes(name) ? undefined : value),
    1,
  );
}

for (const [title, env, bearer] of [
  ["without a key", {}, "test-token"],
  ["under a key", { MAXQ_API_KEY: key }, key],
] as const)
  onEachDatabase(`tokens of scripts ${title}`, { env }, (system) => {
    const api = () => system.server.api.as(bearer);
    const stage = { stage: "s", steps: [{ id: "it", name: "it" }] };
    const script = `${says("token", "$MAXQ_API_KEY")}; ${says("api", "$MAXQ_API")}; ${waits("go")}`;

    /** A run whose step lives, and what that was given. */
    const running = async () => {
      const runId = await api().trigger(system.flows.stage("tells", stage, { it: script }));
      const token = await heard(system, runId, "token");
      return { runId, token, byPath: new Api(await heard(system, runId, "api")) };
    };

    it("reach no other run: 403 for every request, and nothing of it changes", async () => {
      const [own, other] = [await running(), await running()];
      await api().post(`/runs/${other.runId}/artifacts`, { name: "a", data: 1 });
      const before = await everythingOf(api(), other.runId);
      for (const [method, path, body] of requests)
        for (const asked of [system.server.api.as(own.token), own.byPath]) {
          const answer = await asked.request(method, `/runs/${other.runId}${path}`, body);
          expect([answer.status, answer.body.code], `${method} ${path}`).to.deep.equal([403, "FORBIDDEN"]);
        }
      for (const path of ["/workers"]) expect((await own.byPath.get(path)).status, path).to.equal(403);
      expect((await own.byPath.get("/runs")).body.data, "runs that it started").to.deep.equal([]);
      expect(await everythingOf(api(), other.runId)).to.equal(before);
      for (const { runId } of [own, other]) {
        say(system, runId, "go");
        await api().ended(runId);
      }
      for (const [method, path, body] of requests) {
        const answer = await own.byPath.request(method, `/runs/${other.runId}${path}`, body);
        expect(answer.status, `${method} ${path} when both are over`).to.be.oneOf([403, 409]);
      }
    });

    it("read and write their own run while the attempt lives, by header and by path", async () => {
      const { runId, token, byPath } = await running();
      for (const [n, asked] of [system.server.api.as(token), byPath].entries()) {
        const post = (path: string, body: unknown) => asked.post(`/runs/${runId}${path}`, body);
        expect((await post("/steps/it/fields", { fields: { [`f${n}`]: n } })).status).to.equal(200);
        expect((await post("/artifacts", { name: `a${n}`, data: n })).status).to.equal(201);
        expect((await post("/logs", log)).status).to.equal(201);
        expect((await post("/steps", { stage: `t${n}`, steps: [] })).status).to.equal(201);
        expect((await asked.get(`/runs/${runId}`)).body.id).to.equal(runId);
        const child = await asked.post("/runs", { flowName: "tells" });
        expect([child.status, child.body.parentRunId]).to.deep.equal([201, runId]);
        expect((await asked.get(`/runs/${child.body.id}`)).status).to.equal(200);
        expect((await asked.post(`/runs/${child.body.id}/abort`)).status).to.equal(403);
        await api().post(`/runs/${child.body.id}/abort`);
      }
      say(system, runId, "go");
      await api().ended(runId);
      expect((await byPath.get(`/runs/${runId}/fields`)).body.fields[0].fields).to.deep.equal({
        f0: 0,
        f1: 1,
      });
    });

    it("of a script that overran its time write nothing any more, while the next attempt's do", async () => {
      const late = { stage: "s", steps: [{ id: "it", name: "it", timeoutMs: 1000, maxRetries: 1 }] };
      const flow = system.flows.stage("late", late, {
        it: `${says("api-$MAXQ_ATTEMPT", "$MAXQ_API")}; [ "$MAXQ_ATTEMPT" = 1 ] || exit 0; ${waits("never")}`,
      });
      const runId = await api().trigger(flow);
      const old = new Api(await heard(system, runId, "api-1"));
      await heard(system, runId, "api-2");
      const before = await everythingOf(api(), (await api().ended(runId)).id);
      for (const [path, body] of [
        ["/steps/it/fields", { fields: { late: true } }],
        ["/artifacts", { name: "late", data: 1 }],
        ["/steps", next],
        ["/logs", log],
      ] as const) {
        const answer = await old.post(`/runs/${runId}${path}`, body);
        expect([answer.status, answer.body.code], path).to.deep.equal([409, "ATTEMPT_OVER"]);
      }
      expect((await old.post("/runs", { flowName: "late" })).body.code).to.equal("ATTEMPT_OVER");
      expect((await old.get(`/runs/${runId}`)).status).to.equal(200);
      expect(await everythingOf(api(), runId)).to.equal(before);
    });

    it("are no good when changed, whatever place they stand in", async () => {
      const { runId, token } = await running();
      for (const wrong of [token.slice(0, -1), `${token}A`, token.toLowerCase(), `mxt_${"A".repeat(80)}`]) {
        const byPath = await system.server.api.get(`/as/${wrong}/runs/${runId}`);
        expect(byPath.status, "by path").to.equal(401);
        if (title === "under a key")
          expect((await system.server.api.as(wrong).get(`/runs/${runId}`)).status, "by header").to.equal(401);
      }
      await api().post(`/runs/${runId}/abort`);
    });
  });
