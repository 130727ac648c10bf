import { expect } from "chai";
import { pino } from "pino";
import { sqliteDatabase, until } from "@maxq/test-kit";
import { send, type Parsed } from "./http.js";
import { aServer } from "./server.js";

describe("the log of requests", () => {
  it("has clients at info, scripts and health at debug, and no key or token", async () => {
    const database = await sqliteDatabase();
    const lines: Parsed[] = [];
    const logger = pino({ level: "debug" }, { write: (line: string) => lines.push(JSON.parse(line)) });
    const server = await aServer(await database.openStore(), {
      logger,
      mode: { mode: "key", apiKey: "the-secret-key" },
    });
    const headers = { Authorization: "Bearer the-secret-key" };
    const id = (await server.post("/runs", { flowName: "hello" }, headers)).json.id as string;
    const { api, apiKey } = server.tokenOf(id, await server.claim(id));
    await send(`${api}/runs/${id}`);
    await send(`${api}/nothing`);
    await server.api(`/runs/${id}`, { headers: { Authorization: `Bearer ${apiKey}` } });
    await server.api("/healthz");
    await until("all are logged", () => lines.length >= 5);
    await server.close();
    await database.drop();
    const logged = lines.map(({ level, method, url, status }) => ({ level, method, url, status }));
    expect(logged).to.have.deep.members([
      { level: 30, method: "POST", url: "/api/v1/runs", status: 201 },
      { level: 20, method: "GET", url: `/api/v1/as/[token]/runs/${id}`, status: 200 },
      { level: 20, method: "GET", url: "/api/v1/as/[token]/nothing", status: 404 },
      { level: 20, method: "GET", url: `/api/v1/runs/${id}`, status: 200 },
      { level: 20, method: "GET", url: "/api/v1/healthz", status: 200 },
    ]);
    expect(JSON.stringify(lines)).not.to.contain(apiKey).and.not.to.contain("the-secret-key");
  });
});
