import { expect } from "chai";
import { DatabaseUnavailable, type Store } from "@maxq/db";
import { sqliteDatabase, until, type TestDatabase } from "@maxq/test-kit";
import { begin, receive, send, type Parsed } from "./http.js";
import { aServer, type TestServer } from "./server.js";

/** A store whose database can be taken away. */
function interruptible(store: Store): {
  readonly store: Store;
  readonly database: { away: boolean; asked: number };
} {
  const database = { away: false, asked: 0 };
  const fails = (): Promise<never> => {
    database.asked++;
    return Promise.reject(new DatabaseUnavailable("connect ECONNREFUSED secret-host:5432"));
  };
  const proxy = new Proxy(store, {
    get: (target, method) => {
      const local = method === "onWakeUp" || method === "wakeUpsHealthy";
      return database.away && !local ? fails : Reflect.get(target, method);
    },
  });
  return { store: proxy, database };
}

describe("while the database is away", () => {
  let testDatabase: TestDatabase;
  let server: TestServer;
  let database: { away: boolean; asked: number };
  before(async () => {
    testDatabase = await sqliteDatabase();
    const broken = interruptible(await testDatabase.openStore());
    ({ database } = broken);
    server = await aServer(broken.store);
  });
  afterEach(() => {
    database.away = false;
    database.asked = 0;
  });
  after(async () => {
    await server.close();
    await testDatabase.drop();
  });

  it("clients are told to try again, with no internals", async () => {
    database.away = true;
    for (const path of ["/runs", "/readyz"]) {
      const { status, json, headers, text } = await server.api(path);
      expect([status, json.code, headers["retry-after"]]).to.deep.equal([503, "UNAVAILABLE", "1"]);
      expect(text).not.to.contain("secret-host");
    }
    expect((await server.api("/healthz")).status).to.equal(200);
  });

  it("requests of scripts wait until it is back", async () => {
    const id = await server.aRun();
    const { api } = server.tokenOf(id, await server.claim(id));
    database.away = true;
    const waiting = [
      send(`${api}/runs/${id}/steps`, { method: "POST", body: { stage: "s", steps: [{ name: "greet" }] } }),
      send(`${api}/runs/${id}/artifacts`, { method: "POST", body: { name: "a", data: 1 } }),
      send(`${api}/runs`, { method: "POST", body: { flowName: "other" } }),
      send(`${api}/runs/${id}/fields`),
    ];
    await until("all have asked twice", () => database.asked >= 8);
    database.away = false;
    expect((await Promise.all(waiting)).map(({ status }) => status)).to.deep.equal([201, 201, 201, 200]);
    expect((await server.api(`/runs?parentRunId=${id}`)).json.pagination.total).to.equal(1);
  });

  it("requests of scripts end when their client goes away", async () => {
    const id = await server.aRun();
    const { api } = server.tokenOf(id, await server.claim(id));
    database.away = true;
    const gone = begin(`${api}/runs/${id}/fields`, { method: "GET", headers: {} }).catch(() => null);
    await until("it has asked", () => database.asked > 0);
    await server.close();
    await gone;
    const { asked } = database;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(database.asked - asked).to.be.at.most(1);
    database.away = false;
    server = await aServer(server.store);
  });

  it("the server is not ready where the database answers and takes nothing, and says why", async () => {
    for (const [writes, cure] of [
      ["file_gone", "Stop the server"],
      ["read_only", "Point MAXQ_DATABASE_URL to the primary"],
    ] as const) {
      const health = { ...(await server.store.health()), writes };
      const store = new Proxy(server.store, {
        get: (target, method) =>
          method === "health" ? () => Promise.resolve(health) : Reflect.get(target, method),
      });
      const unready = await aServer(store);
      const { status, json, text } = await unready.api("/readyz");
      await unready.close();
      expect([status, json.code, json.details]).to.deep.equal([503, "UNAVAILABLE", { writes }]);
      expect(text).to.contain(cure);
    }
  });

  it("who follows the output of a step that waits is kept waiting, and has the end when it is back", async () => {
    const id = await server.aRun();
    await server.post(`/runs/${id}/steps`, { stage: "s", steps: [{ name: "greet" }] });
    const url = `${server.url}/api/v1/runs/${id}/steps/s.greet/output?follow=true`;
    const response = await begin(url, { method: "GET", headers: {} });
    const ended = receive(response);
    database.away = true;
    await until("it has asked", () => database.asked > 0);
    database.away = false;
    await server.post(`/runs/${id}/abort`);
    const { status, text } = await ended;
    expect([status, text, response.complete]).to.deep.equal([200, "", true]);
  });

  it("a fault of the store is a 500 without internals, and is logged with its request", async () => {
    const lines: Parsed[] = [];
    const store = new Proxy(server.store, {
      get: (target, method) =>
        method === "listRuns"
          ? () => Promise.reject(new Error("relation run does not exist"))
          : Reflect.get(target, method),
    });
    const { pino } = await import("pino");
    const logger = pino({ level: "debug" }, { write: (line: string) => lines.push(JSON.parse(line)) });
    const faulty = await aServer(store, { logger });
    const { status, json, text } = await faulty.api("/runs");
    expect([status, json.code]).to.deep.equal([500, "INTERNAL_ERROR"]);
    expect(text).not.to.contain("relation");
    expect(lines.find(({ requestId }) => requestId === json.requestId).err.message).to.contain(
      "relation run",
    );
    await faulty.close();
  });
});
