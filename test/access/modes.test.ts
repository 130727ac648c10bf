/** Who may use a server, by where it listens and what it was told. */
import { startProgram } from "@maxq/test-kit";
import { expect } from "chai";
import { onEachDatabase } from "../system/databases.js";
import { sendRaw } from "../system/raw.js";
import type { System } from "../system/system.js";

const json = { "content-type": "application/json" };
const nobody = "65534";

const runsOf = async (system: System, bearer = "x") =>
  (await system.server.api.as(bearer).get("/runs")).body.pagination.total as number;

/** Tries to start a run, by these headers. Answers status and code. */
async function start(
  system: System,
  headers: Readonly<Record<string, string>>,
): Promise<[number, string | undefined]> {
  const body = JSON.stringify({ flowName: "hello" });
  const answer = await sendRaw(`${system.server.url}/api/v1/runs`, { method: "POST", headers, body });
  return [answer.status, answer.body?.code];
}

const aFlow = (system: System) => system.flows.stage("hello", { stage: "s", steps: [], final: true });

onEachDatabase("a server on loopback without a key", {}, (system) => {
  before(() => void aFlow(system));

  it("takes any bearer, and none", async () => {
    for (const more of [{}, { authorization: "Bearer test-token" }, { authorization: "Bearer anything" }])
      expect(await start(system, { ...json, ...more })).to.deep.equal([201, undefined]);
  });

  it("refuses who names another host, whatever it shows: no page can rebind its way in", async () => {
    const count = await runsOf(system);
    const port = new URL(system.server.url).port;
    for (const host of [
      "evil.example",
      `evil.example:${port}`,
      "127.0.0.1.evil.example",
      "localhost.evil",
      "0.0.0.0",
    ])
      for (const more of [{}, { authorization: "Bearer test-token" }]) {
        expect(await start(system, { ...json, host, ...more }), host).to.deep.equal([403, "FORBIDDEN"]);
        const read = await sendRaw(`${system.server.url}/api/v1/runs`, { headers: { host, ...more } });
        expect(read.status, host).to.equal(403);
      }
    for (const host of [`localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`])
      expect((await sendRaw(`${system.server.url}/api/v1/runs`, { headers: { host } })).status).to.equal(200);
    expect(await runsOf(system)).to.equal(count);
  });

  it("refuses what a page of another origin sends, preflight included", async () => {
    const count = await runsOf(system);
    const port = new URL(system.server.url).port;
    for (const origin of ["http://evil.example", "null", "http://localhost:1", `https://127.0.0.1:${port}`]) {
      expect(await start(system, { ...json, origin }), origin).to.deep.equal([403, "FORBIDDEN"]);
      // What a page can send without being asked first.
      const simple = { "content-type": "text/plain", origin };
      expect((await start(system, simple))[0], origin).to.equal(403);
      const preflight = await sendRaw(`${system.server.url}/api/v1/runs`, {
        method: "OPTIONS",
        headers: { origin, "access-control-request-method": "POST" },
      });
      expect(preflight.headers).not.to.have.any.keys("access-control-allow-origin");
      expect(preflight.status).to.be.within(400, 499);
    }
    expect((await start(system, { "content-type": "text/plain" }))[0], "a form without Origin").to.equal(415);
    expect(await runsOf(system)).to.equal(count);
    const own = { ...json, host: `127.0.0.1:${port}`, origin: `http://127.0.0.1:${port}` };
    expect((await start(system, own))[0]).to.equal(201);
  });

  it("refuses processes of another user, whatever they show", async function () {
    if (process.getuid?.() !== 0) this.skip();
    const count = await runsOf(system);
    for (const extra of [[], ["-H", "Authorization: Bearer test-token"]]) {
      const args = [
        "-sS",
        "-w",
        "%{http_code}",
        "-d",
        '{"flowName":"hello"}',
        "-H",
        "Content-Type: application/json",
      ];
      const curl = startProgram({
        command: "setpriv",
        args: [
          `--reuid=${nobody}`,
          `--regid=${nobody}`,
          "--clear-groups",
          "curl",
          ...args,
          ...extra,
          `${system.server.url}/api/v1/runs`,
        ],
        cwd: "/",
      });
      await curl.ended;
      expect(curl.output()).to.match(/"code":"FORBIDDEN"[^]*403$/);
    }
    expect(await runsOf(system)).to.equal(count);
  });
});

onEachDatabase("a server beyond loopback without a key", { env: { MAXQ_HOST: "0.0.0.0" } }, (system) => {
  before(() => void aFlow(system));

  it("answers nothing to whom shows nothing, on any route", async () => {
    const { url, api } = system.server;
    const document = (await api.get("/openapi.json")).body;
    const open: string[] = [];
    for (const [path, operations] of Object.entries<Record<string, unknown>>(document.paths))
      for (const method of Object.keys(operations)) {
        const asked = `${url}/api/v1${path.replaceAll(/\{\w+\}/g, "00000000-0000-4000-8000-000000000000")}`;
        for (const authorization of [undefined, "Bearer test-token", "Basic eDp5", "Bearer"]) {
          const headers = { ...json, ...(authorization === undefined ? {} : { authorization }) };
          const { status } = await sendRaw(asked, { method: method.toUpperCase(), headers });
          if (status !== 401) open.push(`${method} ${path}`);
        }
      }
    expect([...new Set(open)]).to.have.members(["get /healthz", "get /readyz", "get /openapi.json"]);
  });

  it("takes the key that it made, which `maxq key` prints, and another one once that is rotated", async () => {
    const { api } = system.server;
    expect(system.server.output).to.contain("maxq key");
    const key = (await system.command("key")).trim();
    expect(key).to.match(/^[\w-]{43}$/);
    const run = await api.as(key).runToEnd("hello");
    expect(run.status).to.equal("completed");
    expect((await system.command("key")).trim()).to.equal(key);

    const next = (await system.command("key", "--rotate")).trim();
    expect(next).not.to.equal(key);
    expect((await api.as(next).get("/runs")).status).to.equal(200);
    expect((await api.as(key).get("/runs")).status).to.equal(401);
    expect(system.server.output).not.to.contain(key).and.not.to.contain(next);
  });

  it("keeps it over a restart", async () => {
    const key = (await system.command("key")).trim();
    await system.stop();
    await system.restart();
    expect((await system.server.api.as(key).get("/runs")).status).to.equal(200);
    expect((await system.server.api.get("/runs")).status).to.equal(401);
  });

  it("refuses a page of another origin although it shows the key", async () => {
    const key = (await system.command("key")).trim();
    const headers = { ...json, authorization: `Bearer ${key}`, origin: "http://evil.example" };
    expect(await start(system, headers)).to.deep.equal([403, "FORBIDDEN"]);
  });
});

const open = { env: { MAXQ_HOST: "0.0.0.0", MAXQ_AUTH: "none" } };

onEachDatabase("a server with MAXQ_AUTH=none", open, (system) => {
  before(() => void aFlow(system));

  it("is open to everybody, by any name, but not to pages of other origins", async () => {
    expect(await start(system, json)).to.deep.equal([201, undefined]);
    expect(await start(system, { ...json, host: "maxq.example" })).to.deep.equal([201, undefined]);
    expect((await start(system, { ...json, origin: "http://evil.example" }))[0]).to.equal(403);
  });
});
