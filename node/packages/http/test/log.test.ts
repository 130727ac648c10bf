import { expect } from "chai";
import { withoutCapability } from "../src/access/capability-path.js";
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
    await server.api("/runs?limit=1&api_key=the-secret-key&x=y", { headers });
    await until("all are logged", () => lines.length >= 6);
    await server.close();
    await database.drop();
    const logged = lines.map(({ level, method, url, status }) => ({ level, method, url, status }));
    expect(logged).to.have.deep.members([
      { level: 30, method: "POST", url: "/api/v1/runs", status: 201 },
      { level: 20, method: "GET", url: `/api/v1/as/[token]/runs/${id}`, status: 200 },
      { level: 20, method: "GET", url: "/api/v1/as/[token]/nothing", status: 404 },
      { level: 20, method: "GET", url: `/api/v1/runs/${id}`, status: 200 },
      { level: 20, method: "GET", url: "/api/v1/healthz", status: 200 },
      { level: 30, method: "GET", url: "/api/v1/runs?limit=1&api_key=[hidden]&x=y", status: 400 },
    ]);
    expect(JSON.stringify(lines)).not.to.contain(apiKey).and.not.to.contain("the-secret-key");
  });

  it("of a query that only looks like one with a key is written at once: it held the server for minutes, whoever sent it", () => {
    const query = "/?key" + "?key".repeat(3_900);
    expect(withoutCapability(query)).to.equal(query);
    expect(withoutCapability(`${query}=word&x=&key=&a_token=1`)).to.equal(
      `${query}=[hidden]&x=&key=[hidden]&a_token=[hidden]`,
    );
  });

  it("has no token, and no error shows one, wherever a request has it", async () => {
    const database = await sqliteDatabase();
    const lines: string[] = [];
    const logger = pino({ level: "debug" }, { write: (line: string) => lines.push(line) });
    const server = await aServer(await database.openStore(), { logger });
    const id = await server.aRun();
    const { apiKey } = server.tokenOf(id, await server.claim(id));
    const headers = { Authorization: `Bearer ${apiKey}` };
    const paths = [
      `/api/v1//as/${apiKey}/runs`,
      `/as/${apiKey}/runs`,
      `/api/v1/AS/${apiKey}/runs/${id}`,
      `/api/v1/as/${apiKey}/as/${apiKey}/runs`,
      `/api/v1/runs/${apiKey}`,
      `/api/v1/runs/${id}/steps/${apiKey}`,
      `/api/v1/runs?${apiKey}=1`,
      `/api/v1/runs?cursor=${apiKey}`,
      `/${apiKey.replace("_", "%5F")}`,
    ];
    for (const path of paths) {
      const { status, text } = await send(server.url + path, { headers });
      expect(status, path).to.be.within(400, 404);
      expect(text, path).not.to.contain(apiKey.slice(4, 40));
    }
    await until("all are logged", () => lines.length >= 1 + paths.length);
    await server.close();
    await database.drop();
    expect(lines.join("")).not.to.contain(apiKey.slice(4, 40));
    expect(lines.join("")).to.contain("/AS/[token]/runs");
  });
});
