import { sqliteDatabase, until, type TestDatabase } from "@maxq/test-kit";
import { expect } from "chai";
import type { AnsweredRequest, HttpInstruments } from "@maxq/http";
import { send } from "./http.js";
import { aServer, type TestServer } from "./server.js";

describe("metrics", () => {
  const answered: AnsweredRequest[] = [];
  const readers = { events: 0, text: 0 };
  const instruments: HttpInstruments = {
    answered: (request) => answered.push(request),
    reading: (stream) => {
      readers[stream]++;
      return () => readers[stream]--;
    },
  };
  const headers = { Authorization: "Bearer the-key" };
  let database: TestDatabase;
  let server: TestServer;
  before(async () => {
    database = await sqliteDatabase();
    server = await aServer(await database.openStore(), {
      mode: { mode: "key", apiKey: "the-key" },
      metrics: { contentType: "text/plain; version=0.0.4", read: () => Promise.resolve("x 1\n") },
      instruments,
    });
  });
  after(async () => {
    await server.close();
    await database.drop();
  });
  beforeEach(() => answered.splice(0));

  /** What was counted since the test began. */
  const counted = (count: number) =>
    until("they are counted", () => answered.length >= count).then(() =>
      answered.map(({ method, route, status }) => `${method} ${route} ${status}`),
    );

  it("are answered to the key, at the root and below the base, and to nobody else", async () => {
    const { url } = server;
    const given = await send(`${url}/metrics`, { headers });
    expect([given.status, given.text, given.headers["content-type"]]).to.deep.equal([
      200,
      "x 1\n",
      "text/plain; version=0.0.4",
    ]);
    expect((await server.api("/metrics", { headers })).status).to.equal(200);
    expect((await send(`${url}/metrics`)).status).to.equal(401);
    const id = (await server.post("/runs", { flowName: "hello" }, headers)).json.id as string;
    const { api, apiKey } = server.tokenOf(id, await server.claim(id));
    expect((await send(`${api}/metrics`)).status).to.equal(403);
    const script = { Authorization: `Bearer ${apiKey}` };
    expect((await send(`${url}/metrics`, { headers: script })).status).to.equal(403);
  });

  it("count requests by the pattern of their route, never by what stands in a path", async () => {
    const id = (await server.post("/runs", { flowName: "hello" }, headers)).json.id as string;
    await server.api(`/runs/${id}?x=1`, { headers });
    await server.api(`/runs/${id}`, { method: "DELETE", headers });
    await server.api("/nowhere/at/all", { headers });
    await server.api("/runs", { method: "PUT", headers });
    await server.api("/healthz", { method: "HEAD" });
    expect(await counted(6)).to.have.members([
      "POST /runs 201",
      "GET /runs/{runId} 400",
      "DELETE /runs/{runId} 409",
      "GET none 404",
      "other none 405",
      "HEAD /healthz 200",
    ]);
  });

  it("count who reads a stream as long as it is read, and not how long that took", async () => {
    const id = (await server.post("/runs", { flowName: "hello" }, headers)).json.id as string;
    const reader = new AbortController();
    const { body } = await fetch(`${server.url}/api/v1/runs/${id}/events`, {
      headers,
      signal: reader.signal,
    });
    await body!.getReader().read();
    expect(readers).to.deep.equal({ events: 1, text: 0 });
    reader.abort();
    await until("nobody reads", () => readers.events === 0);
    await server.api(`/runs/${id}?wait=0.01`, { headers });
    await counted(3);
    expect(answered.map(({ method, prompt }) => [method, prompt])).to.deep.equal([
      ["POST", true],
      ["GET", false],
      ["GET", false],
    ]);
  });
});
