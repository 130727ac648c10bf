import { expect } from "chai";
import type { Store } from "@maxq/db";
import { forEachDatabase } from "@maxq/test-kit";
import type { Parsed } from "./http.js";
import { aServer, type TestServer } from "./server.js";

describe("what scripts leave", () => {
  forEachDatabase((openStore) => {
    let server: TestServer;
    let run: string;
    before(async () => (server = await aServer(await openStore())));
    after(() => server.close());
    beforeEach(async () => {
      const id = await server.aRun();
      await server.post(`/runs/${id}/steps`, {
        stage: "s",
        steps: [{ name: "greet" }, { name: "farewell" }],
      });
      run = `/runs/${id}`;
    });

    it("are fields, merged key by key", async () => {
      const post = (fields: unknown) => server.post(`${run}/steps/s.greet/fields`, { fields });
      expect((await post({ a: 1, b: { c: [] } })).json).to.deep.include({
        id: "s.greet",
        fields: { a: 1, b: { c: [] } },
      });
      expect((await post({ a: null })).json.fields).to.deep.equal({ a: null, b: { c: [] } });
      const listed = (await server.api(`${run}/fields`)).json.fields;
      expect(listed).to.have.length(1);
      expect(listed[0]).to.deep.include({
        stepId: "s.greet",
        stepName: "greet",
        stageName: "s",
        fields: { a: null, b: { c: [] } },
      });
      const both = (await server.api(`${run}/fields?stepId=s.greet,s.farewell&fieldName=a`)).json.fields;
      expect(both.map(({ fields }: Parsed) => fields)).to.deep.equal([{ a: null }, {}]);
      expect((await server.post(`${run}/steps/none/fields`, { fields: {} })).json.code).to.equal(
        "STEP_NOT_FOUND",
      );
      expect((await post([])).json.code).to.equal("INVALID_REQUEST");
      expect((await server.post(`${run}/steps/s.greet/fields`, { a: 1 })).json.code).to.equal(
        "INVALID_REQUEST",
      );
    });

    it("are fields, written step by step where they are more than is held at once", async () => {
      const large = "x".repeat(9_000_000);
      const id = run.slice("/runs/".length);
      for (const step of ["s.greet", "s.farewell"])
        await server.store.mergeFields(id, step, { large, step }, null);
      const whole = await server.api(`${run}/fields`);
      expect(whole.headers["content-type"]).to.equal("application/json; charset=utf-8");
      expect(whole.headers["content-length"]).to.equal(undefined);
      const { fields: listed } = whole.json;
      expect(listed.map(({ stepId }: Parsed) => stepId)).to.deep.equal(["s.greet", "s.farewell"]);
      expect(listed[1].fields).to.deep.equal({ large, step: "s.farewell" });
    });

    it("are artifacts, replaced with their versions counted", async () => {
      const put = (data: unknown) => server.post(`${run}/artifacts`, { name: "chunk-0", data });
      const first = await put(0);
      expect([first.status, first.json.version, first.json.data]).to.deep.equal([201, 1, 0]);
      const second = await put({ rows: [false] });
      expect([second.status, second.json.version]).to.deep.equal([200, 2]);
      expect((await server.api(`${run}/artifacts/chunk-0`)).json.data).to.deep.equal({ rows: [false] });
      const list = (await server.api(`${run}/artifacts`)).json;
      expect([list.data[0].name, "data" in list.data[0], list.pagination.total]).to.deep.equal([
        "chunk-0",
        false,
        1,
      ]);
      const remove = () => server.api(`${run}/artifacts/chunk-0`, { method: "DELETE" });
      expect((await remove()).status).to.equal(200);
      expect((await remove()).json.code).to.equal("ARTIFACT_NOT_FOUND");
      for (const name of ["none", "..%2f..%2fetc", "%00"])
        expect((await server.api(`${run}/artifacts/${name}`)).json.code).to.equal("ARTIFACT_NOT_FOUND");
      expect((await server.post(`${run}/artifacts`, { name: "a/b", data: 1 })).json.code).to.equal(
        "INVALID_REQUEST",
      );
      expect((await server.post(`${run}/artifacts`, { name: "a" })).json.code).to.equal("INVALID_REQUEST");
    });

    it("are log lines, newest first and filtered", async () => {
      const log = (body: object) => server.post(`${run}/logs`, body);
      expect((await log({ message: "one" })).json).to.include({
        level: "info",
        entityType: "run",
        entityId: null,
      });
      await log({
        message: "two",
        level: "error",
        entityType: "step",
        entityId: "s.greet",
        metadata: { a: 1 },
      });
      const messages = async (query = "") =>
        (await server.api(`${run}/logs${query}`)).json.logs.map(({ message }: Parsed) => message);
      expect(await messages()).to.deep.equal(["two", "one"]);
      expect(await messages("?level=error&entityType=step&entityId=s.greet")).to.deep.equal(["two"]);
      expect(await messages("?limit=1&offset=1")).to.deep.equal(["one"]);
      expect((await server.api(`${run}/logs?limit=1`)).json.count).to.equal(1);
      expect((await log({ message: "x", level: "loud" })).json.code).to.equal("INVALID_REQUEST");
      expect((await log({ message: "a\0b" })).json.code).to.equal("INVALID_REQUEST");
    });

    it("are fields whose list is cut off where the run is deleted before all is read", async () => {
      await server.post(`${run}/steps/s.greet/fields`, { fields: { a: 1 } });
      const listFields: Store["listFields"] = async (...asked) =>
        asked[3] === undefined ? { ...(await server.store.listFields(...asked))!, next: 1 } : null;
      const store = new Proxy(server.store, {
        get: (target, name) => (name === "listFields" ? listFields : (Reflect.get(target, name) as unknown)),
      });
      const late = await aServer(store);
      const listed = await late.api(`${run}/fields`).catch(String);
      await late.close();
      expect(listed).to.equal("Error: aborted");
    });

    it("are log lines, read page by page by a cursor", async () => {
      const path = `/runs/${await server.aRun()}/logs`;
      for (const message of ["one", "two", "three"]) await server.post(path, { message });
      const pages: string[][] = [];
      for (let query = "?limit=2"; query !== "";) {
        const { logs, count, nextCursor } = (await server.api(path + query)).json;
        pages.push(logs.map(({ message }: Parsed) => message));
        expect(count).to.equal(logs.length);
        query = nextCursor === null ? "" : `?limit=2&cursor=${nextCursor}`;
      }
      expect(pages).to.deep.equal([["three", "two"], ["one"]]);
    });

    it("are listed by flows and workers, too", async () => {
      expect((await server.api("/flows")).json.data.map(({ name }: Parsed) => name)).to.deep.equal([
        "hello",
        "other",
      ]);
      const hello = (await server.api("/flows/hello")).json;
      expect(hello.steps).to.deep.equal(["greet", "farewell"]);
      expect(hello.recentRuns[0].flowName).to.equal("hello");
      await server.claim(run.slice("/runs/".length));
      expect((await server.api("/workers")).json.data[0]).to.include({ host: "test", status: "live" });
    });
  });
});
