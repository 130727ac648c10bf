import { problem, type FlowDirectory } from "@maxq/core";
import { expect } from "chai";
import { forEachDatabase, until } from "@maxq/test-kit";
import { someFlows } from "./flow-directory.js";
import type { Parsed, Received } from "./http.js";
import { aServer, type TestServer } from "./server.js";

describe("runs", () => {
  forEachDatabase((openStore) => {
    let server: TestServer;
    before(async () => (server = await aServer(await openStore())));
    after(() => server.close());

    it("are started in two ways, and answered with their place", async () => {
      for (const [path, body] of [
        ["/runs", { flowName: "hello" }],
        ["/flows/hello/runs", {}],
        ["/flows/hello/runs", undefined],
      ] as const) {
        const { status, headers, json } = await server.post(path, body);
        expect([status, headers.location]).to.deep.equal([201, `/api/v1/runs/${json.id}`]);
        expect(json).to.include({
          flowName: "hello",
          status: "pending",
          flowTitle: "The hello flow",
          input: null,
        });
        expect(json.stages).to.deep.equal([]);
      }
    });

    it("keep every value exactly", async () => {
      for (const input of [
        0,
        false,
        "",
        null,
        [],
        {},
        "a\u0000b",
        1e300,
        { z: 1, a: { __proto__: null, ü: "\u{1f600}" } },
      ]) {
        const id = await server.aRun({ input, metadata: { team: "data" } });
        const { json } = await server.api(`/runs/${id}`);
        expect(JSON.stringify(json.input)).to.equal(JSON.stringify(input));
      }
      const text = '{"input":{"__proto__":{"polluted":true},"constructor":1}}';
      const { json } = await server.post("/flows/hello/runs", text, { "Content-Type": "application/json" });
      const { text: answered } = await server.api(`/runs/${json.id}`);
      expect(answered).to.contain('"input":{"__proto__":{"polluted":true},"constructor":1}');
      expect({}).not.to.have.property("polluted");
    });

    it("are started once by one Idempotency-Key", async () => {
      const headers = { "Idempotency-Key": "key-1" };
      const first = await server.post("/flows/hello/runs", { input: { a: 1, b: 2 } }, headers);
      const again = await server.post("/runs", { flowName: "hello", input: { b: 2, a: 1 } }, headers);
      const other = await server.post("/flows/hello/runs", { input: 2 }, headers);
      expect([first.status, again.status, other.status]).to.deep.equal([201, 200, 409]);
      expect(again.json.id).to.equal(first.json.id);
      expect(other.json.code).to.equal("IDEMPOTENCY_CONFLICT");
      const many = await Promise.all(
        Array.from({ length: 8 }, () => server.post("/flows/hello/runs", {}, { "Idempotency-Key": "key-2" })),
      );
      expect(new Set(many.map(({ json }) => json.id)).size).to.equal(1);
      expect(many.filter(({ status }) => status === 201)).to.have.length(1);
    });

    it("are answered to the Idempotency-Key that started them although their flow is gone by now", async () => {
      const flows = someFlows({ brief: [] });
      let isGone = false;
      const checkFlow: FlowDirectory["checkFlow"] = (name) =>
        isGone ? Promise.resolve(problem("FLOW_NOT_FOUND", "It is gone.")) : flows.checkFlow(name);
      const brief = await aServer(server.store, { flows: { ...flows, checkFlow } });
      try {
        const start = (input: number, key: string): Promise<Received> =>
          brief.post("/flows/brief/runs", { input }, { "Idempotency-Key": key });
        const first = await start(1, "key-3");
        isGone = true;
        const again = await start(1, "key-3");
        expect([again.status, again.json.id]).to.deep.equal([200, first.json.id]);
        expect((await start(2, "key-3")).json.code).to.equal("IDEMPOTENCY_CONFLICT");
        expect((await start(1, "key-4")).json.code).to.equal("FLOW_NOT_FOUND");
      } finally {
        await brief.close();
      }
    });

    it("are listed page by page, by offset and by cursor, and filtered", async () => {
      const ids: string[] = [];
      for (let n = 0; n < 5; n++) ids.unshift(await server.aRun({ metadata: { batch: "pages", n } }));
      const list = async (query: string) => (await server.api(`/runs?metadata.batch=pages&${query}`)).json;
      const idsOf = ({ data }: Parsed) => data.map((run: Parsed) => run.id);
      const first = await list("limit=2");
      expect(idsOf(first)).to.deep.equal(ids.slice(0, 2));
      expect(first.pagination).to.include({ total: 5, limit: 2, offset: 0 });
      const second = await list(`limit=2&cursor=${first.pagination.nextCursor}`);
      expect(idsOf(second)).to.deep.equal(ids.slice(2, 4));
      const third = await list(`limit=2&cursor=${second.pagination.nextCursor}`);
      expect([idsOf(third), third.pagination.nextCursor]).to.deep.equal([[ids[4]], null]);
      expect(idsOf(await list("limit=2&offset=3"))).to.deep.equal(ids.slice(3));
      expect(idsOf(await list("sortOrder=asc&sortBy=createdAt"))).to.deep.equal([...ids].reverse());
      expect(idsOf(await list("metadata.n=3"))).to.deep.equal([ids[1]]);
      expect(idsOf(await list("status=running,failed"))).to.deep.equal([]);
      expect(idsOf(await list("status=pending&flowName=hello"))).to.deep.equal(ids);
      expect(idsOf(await list("createdBefore=9007199254740991"))).to.deep.equal(ids);
      expect(idsOf(await list("createdAfter=9007199254740991"))).to.deep.equal([]);
      expect(idsOf(await list("createdBefore=1"))).to.deep.equal([]);
    });

    it("are listed once where a status is asked for twice", async () => {
      await server.aRun();
      const list = async (status: string) => (await server.api(`/runs?status=${status}&limit=100`)).json;
      expect(await list("pending,pending")).to.deep.equal(await list("pending"));
    });

    it("refuse a cursor of another list, or of another order", async () => {
      const ids = [await server.aRun(), await server.aRun()];
      const [first, second] = ids.map((id) => `/runs/${id}`);
      for (const run of [first, second])
        for (const name of ["one", "two"]) {
          await server.post(`${run}/logs`, { message: name });
          await server.post(`${run}/artifacts`, { name, data: 1 });
          await server.post(`${run}/steps`, { stage: name, steps: [{ name: "greet" }] });
        }
      const lists = [
        "/runs?",
        "/runs?sortOrder=asc&",
        "/runs?sortBy=startedAt&",
        ...["steps", "logs", "artifacts"].flatMap((list) => [`${first}/${list}?`, `${second}/${list}?`]),
      ];
      const cursors: string[] = [];
      for (const list of lists) {
        const { nextCursor, pagination } = (await server.api(`${list}limit=1`)).json;
        cursors.push((nextCursor ?? pagination.nextCursor) as string);
      }
      for (const [at, list] of lists.entries()) {
        for (const [of, cursor] of cursors.entries()) {
          const { status, json } = await server.api(`${list}cursor=${cursor}`);
          const expected = at === of ? [200, undefined] : [400, "INVALID_REQUEST"];
          expect([status, json.code], `${lists[of]} for ${list}`).to.deep.equal(expected);
        }
      }
      expect((await server.api(`/runs?flowName=hello&cursor=${cursors[0]}`)).status).to.equal(200);
    });

    it("refuse cursors that are forged, without a fault", async () => {
      for (const forged of [
        ["x", "y"],
        ["runs createdAt desc", "x", "y"],
        ["runs completedAt desc", "x", "y"],
        ["runs createdAt desc", 1, "not an id"],
        [1, "not an id"],
        ["x", ""],
        [1e15, ""],
        ["\u0000", "\u0000"],
      ]) {
        const cursor = Buffer.from(JSON.stringify(forged)).toString("base64url");
        for (const path of ["/runs", "/runs?sortBy=completedAt"]) {
          const { status, text } = await server.api(
            `${path}${path.includes("?") ? "&" : "?"}cursor=${cursor}`,
          );
          expect(status, `${path} ${JSON.stringify(forged)} ${text}`).to.be.below(500);
        }
      }
    });

    it("are patched and deleted", async () => {
      const id = await server.aRun();
      const patch = (body: object) => server.api(`/runs/${id}`, { method: "PATCH", body });
      const patched = await patch({ name: "Nightly", output: false });
      expect(patched.json).to.include({ name: "Nightly", output: false, description: null });
      expect((await patch({ name: null })).json).to.include({ name: null, output: false });
      expect((await patch({ status: "completed" })).json.code).to.equal("INVALID_REQUEST");
      const remove = () => server.api(`/runs/${id}`, { method: "DELETE" });
      expect((await remove()).json.code).to.equal("RUN_NOT_OVER");
      await server.post(`/runs/${id}/abort`);
      expect((await remove()).status).to.equal(200);
      expect((await server.api(`/runs/${id}`)).status).to.equal(404);
    });

    it("are paused, resumed, aborted and retried", async () => {
      const id = await server.aRun();
      const act = async (action: string) => (await server.post(`/runs/${id}/${action}`)).json;
      const paused = await act("pause");
      expect([paused.run.status, paused.processesKilled]).to.deep.equal(["paused", 0]);
      expect((await act("resume")).run.status).to.be.oneOf(["pending", "running"]);
      const aborted = await act("abort");
      expect([aborted.run.status, aborted.processesKilled]).to.deep.equal(["aborted", 0]);
      expect((await act("abort")).run.status).to.equal("aborted");
      expect((await act("pause")).code).to.match(/RUN_OVER|STATE_CONFLICT/);
      expect((await act("retry")).run.id).to.equal(id);
      await act("abort");
      const { status, json, headers } = await server.post(`/runs/${id}/retry?mode=new`);
      expect([status, json.run.retryOf, headers.location]).to.deep.equal([
        201,
        id,
        `/api/v1/runs/${json.run.id}`,
      ]);
      await server.post(`/runs/${json.run.id}/abort`);
    });

    it("are waited for until their status changes, or the time is over", async () => {
      const id = await server.aRun();
      let changed: unknown = null;
      const waiting = server.api(`/runs/${id}?wait=30`).then(({ json }) => (changed = json.status));
      // Whichever status it began with, it sees another one.
      await until("the wait is over", async () => {
        await server.post(`/runs/${id}/pause`);
        await server.post(`/runs/${id}/resume`);
        return changed;
      });
      expect(await waiting).to.be.oneOf(["pending", "running", "paused"]);
      await server.post(`/runs/${id}/pause`);
      const begun = performance.now();
      expect((await server.api(`/runs/${id}?wait=1`)).json.status).to.equal("paused");
      expect(performance.now() - begun).to.be.at.least(900);
      await server.post(`/runs/${id}/abort`);
      expect((await server.api(`/runs/${id}?wait=30`)).json.status).to.equal("aborted");
    });

    describe("with a process", () => {
      it("are aborted when it is gone: 200", async () => {
        const id = await server.aRun({ priority: 9 });
        const call = await server.claim(id);
        const aborting = server.post(`/runs/${id}/abort`);
        await server.toldToAbort(id);
        await server.complete(call);
        const { status, json } = await aborting;
        expect([status, json.run.status, json.processesKilled]).to.deep.equal([200, "aborted", 1]);
      });

      it("are aborted where somebody deletes them as soon as they are: 200", async () => {
        const id = await server.aRun({ priority: 9 });
        const call = await server.claim(id);
        // Whoever looks for the run comes too late.
        const store = new Proxy(server.store, {
          get(target, name) {
            if (name !== "getRun") return Reflect.get(target, name) as unknown;
            return async () => {
              await server.complete(call);
              await target.deleteRun(id);
              return target.getRun(id);
            };
          },
        });
        const late = await aServer(store);
        const { status, json } = await late.post(`/runs/${id}/abort`);
        await late.close();
        expect([status, json.run.status, json.processesKilled]).to.deep.equal([200, "aborted", 1]);
      });

      it("are answered 202 when it is not gone in time", async () => {
        const id = await server.aRun({ priority: 9 });
        const call = await server.claim(id);
        const { status, json } = await server.post(`/runs/${id}/abort`);
        expect([status, json.processesKilled]).to.deep.equal([202, 1]);
        await server.complete(call);
        expect((await server.api(`/runs/${id}?wait=10`)).json.status).to.equal("aborted");
      });
    });
  });
});
