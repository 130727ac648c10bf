import { expect } from "chai";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { request, type IncomingMessage } from "node:http";
import { resolveAccessMode, type AccessMode } from "@maxq/http";
import { forEachDatabase, until } from "@maxq/test-kit";
import { begin, receive, send, type Parsed } from "./http.js";
import { aServer, type TestServer } from "./server.js";

const bearer = (key: string) => ({ Authorization: `Bearer ${key}` });

describe("access", () => {
  it("follows from the settings: a key, else MAXQ_AUTH=none, else loopback is open and the rest gets a generated key", () => {
    const mode = (host: string, apiKey: string | null, authNone: boolean) =>
      resolveAccessMode({ host, apiKey, authNone }).mode;
    expect(mode("127.0.0.1", "k", true)).to.equal("key");
    expect(mode("0.0.0.0", null, true)).to.equal("none");
    for (const host of ["127.0.0.1", "localhost", "::1", "127.8.0.1"])
      expect(mode(host, null, false)).to.equal("open");
    for (const host of ["0.0.0.0", "::", "192.168.0.1", "maxq.example", ""])
      expect(mode(host, null, false)).to.equal("generated");
  });

  forEachDatabase((openStore) => {
    const servers: TestServer[] = [];
    const start = async (mode: AccessMode): Promise<TestServer> => {
      const server = await aServer(await openStore(), { mode });
      servers.push(server);
      return server;
    };
    afterEach(async () => {
      for (const server of servers.splice(0)) await server.close();
    });
    const statusOf = async (server: TestServer, headers: Readonly<Record<string, string>>) =>
      (await server.api("/runs", { headers })).status;

    it("with a key needs it, everywhere but for health and the API's document", async () => {
      const server = await start({ mode: "key", apiKey: "secret-key" });
      expect(await statusOf(server, {})).to.equal(401);
      expect(await statusOf(server, bearer("test-token"))).to.equal(401);
      expect(await statusOf(server, bearer("secret-ke"))).to.equal(401);
      expect(await statusOf(server, { Authorization: "Basic secret-key" })).to.equal(401);
      expect(await statusOf(server, bearer("secret-key"))).to.equal(200);
      expect(await statusOf(server, { authorization: "bearer secret-key" })).to.equal(200);
      expect((await server.api("/runs")).headers["www-authenticate"]).to.contain("Bearer");
      for (const path of ["/healthz", "/readyz", "/api/v1/healthz", "/api/v1/readyz", "/api/v1/openapi.json"])
        expect((await send(server.url + path)).status, path).to.equal(200);
      expect((await send(`${server.url}/api/v1/docs`)).status).to.equal(200);
    });

    it("with a key needs it to be told what there is not, too", async () => {
      const server = await start({ mode: "key", apiKey: "secret-key" });
      const statuses = async (headers: Readonly<Record<string, string>>) => [
        (await server.api("/nothing", { headers })).status,
        (await send(`${server.url}/nothing`, { headers })).status,
        (await server.api("/runs", { method: "PUT", headers })).status,
        (await server.api("/healthz", { method: "PUT", headers })).status,
      ];
      expect(await statuses({})).to.deep.equal([401, 401, 401, 405]);
      expect(await statuses(bearer("secret-key"))).to.deep.equal([404, 404, 405, 405]);
    });

    it("open accepts any bearer and none, by loopback names", async () => {
      const server = await start({ mode: "open" });
      const { port } = server;
      expect(await statusOf(server, {})).to.equal(200);
      expect(await statusOf(server, bearer("test-token"))).to.equal(200);
      for (const host of [
        "localhost",
        `localhost:${port}`,
        `127.0.0.1:${port}`,
        `[::1]:${port}`,
        "app.localhost",
      ])
        expect(await statusOf(server, { Host: host }), host).to.equal(200);
      for (const host of [
        "evil.example",
        `evil.example:${port}`,
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "10.0.0.1",
      ])
        expect(await statusOf(server, { Host: host }), host).to.equal(403);
    });

    it("open refuses processes of other users", async function () {
      if (process.getuid?.() !== 0) this.skip();
      const server = await start({ mode: "open" });
      const ask = `fetch("${server.url}/api/v1/runs").then(async (r) => console.log(r.status, await r.text()))`;
      const asNobody = spawn(process.execPath, ["-e", ask], { uid: 65534, gid: 65534, cwd: "/" });
      let output = "";
      asNobody.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
      await once(asNobody, "close");
      expect(output).to.match(/^403 .*own user/);
    });

    it("none accepts everybody", async () => {
      const server = await start({ mode: "none" });
      expect(await statusOf(server, { Host: "maxq.example" })).to.equal(200);
    });

    it("generates one key for all servers of a database, and takes a replaced one", async () => {
      const first = await start({ mode: "generated" });
      const second = await start({ mode: "generated" });
      const key = await first.store.setting("api_key");
      expect(key).to.have.length(43);
      expect(await statusOf(first, {})).to.equal(401);
      expect(await statusOf(first, bearer(key!))).to.equal(200);
      expect(await statusOf(second, bearer(key!))).to.equal(200);
      await first.store.replaceSetting("api_key", "another");
      await until("the new key counts", async () => (await statusOf(second, bearer("another"))) === 200);
      expect(await statusOf(second, bearer(key!))).to.equal(401);
    });

    it("an Idempotency-Key is the same whoever sends it, but tells a token of no run that it may not read", async () => {
      const server = await start({ mode: "open" });
      const tokens: Readonly<Record<string, string>>[] = [];
      for (let n = 0; n < 2; n++) {
        const runId = await server.aRun();
        tokens.push(bearer(server.tokenOf(runId, await server.claim(runId)).apiKey));
      }
      const [own = {}, foreign = {}] = tokens;
      const ask = (token: Readonly<Record<string, string>>, input: number) =>
        server.post("/flows/hello/runs", { input }, { ...token, "Idempotency-Key": "nightly" });
      const made = await ask(own, 1);
      expect(made.status).to.equal(201);
      for (const token of [own, {}]) {
        const again = await ask(token, 1);
        expect([again.status, again.json.id]).to.deep.equal([200, made.json.id]);
        expect((await ask(token, 2)).json.details.runId).to.equal(made.json.id);
      }
      for (const input of [1, 2]) {
        const refused = await ask(foreign, input);
        expect([refused.status, refused.json.code]).to.deep.equal([409, "IDEMPOTENCY_CONFLICT"]);
        expect(refused.text).not.to.contain(made.json.id).and.not.to.contain("another body");
      }
    });

    it("a worker's own listener takes tokens only", async () => {
      const server = await start({ mode: "tokens" });
      expect(await statusOf(server, {})).to.equal(401);
      expect(await statusOf(server, bearer("test-token"))).to.equal(401);
    });

    describe("of a script", () => {
      it("reads and writes its own run while its attempt lives, then only reads", async () => {
        const server = await start({ mode: "key", apiKey: "k" });
        const runId = (await server.post("/runs", { flowName: "hello" }, bearer("k"))).json.id as string;
        const call = await server.claim(runId);
        const { apiKey } = server.tokenOf(runId, call);
        await server.post(`/runs/${runId}/steps`, { stage: "s", steps: [{ name: "greet" }] }, bearer("k"));
        const log = () => server.post(`/runs/${runId}/logs`, { message: "hi" }, bearer(apiKey));
        expect((await log()).status).to.equal(201);
        await server.complete(call);
        const over = await log();
        expect([over.status, over.json.code]).to.deep.equal([409, "ATTEMPT_OVER"]);
        for (const [path, body] of [
          ["/runs", { flowName: "hello" }],
          [`/runs/${runId}/abort`, undefined],
          [`/runs/${runId}/steps`, { stage: "late", steps: [] }],
          [`/runs/${runId}/steps/s.greet/fields`, { fields: {} }],
          [`/runs/${runId}/artifacts`, { name: "a", data: 1 }],
        ] as const)
          expect((await server.post(path, body, bearer(apiKey))).json.code, path).to.equal("ATTEMPT_OVER");
        expect((await server.api(`/runs/${runId}`, { headers: bearer(apiKey) })).status).to.equal(200);
      });

      it("is known by its path alone, whatever the Content-Type", async () => {
        const server = await start({ mode: "key", apiKey: "k" });
        const runId = (await server.post("/runs", { flowName: "hello" }, bearer("k"))).json.id as string;
        const { api, apiKey } = server.tokenOf(runId, await server.claim(runId));
        expect(api).to.equal(`${server.url}/api/v1/as/${apiKey}`);
        const form = { "Content-Type": "application/x-www-form-urlencoded" };
        const sent = { method: "POST", body: '{"stage":"s","steps":[{"name":"greet"}]}', headers: form };
        expect((await send(`${api}/runs/${runId}/steps`, sent)).status).to.equal(201);
        // One good one is enough.
        const read = { headers: bearer("wrong") };
        expect((await send(`${api}/runs/${runId}`, read)).status).to.equal(200);
        expect(
          (await send(`${server.url}/api/v1/as/wrong/runs/${runId}`, { headers: bearer(apiKey) })).status,
        ).to.equal(200);
        expect((await send(`${server.url}/api/v1/as/wrong/runs/${runId}`)).status).to.equal(401);
        expect(
          (await send(`${server.url}/api/v1/as/wrong/runs/${runId}`, { headers: bearer("k") })).status,
        ).to.equal(200);
      });

      it("is known by its path where the target is a whole URL, as a proxy sends it", async () => {
        const server = await start({ mode: "key", apiKey: "k" });
        const runId = (await server.post("/runs", { flowName: "hello" }, bearer("k"))).json.id as string;
        const { api, apiKey } = server.tokenOf(runId, await server.claim(runId));
        const ask = async (target: string): Promise<number> => {
          const outgoing = request({ port: server.port, path: target, agent: false }).end();
          const [response] = (await once(outgoing, "response")) as [IncomingMessage];
          const { status, text } = await receive(response);
          expect(text).not.to.contain(apiKey);
          return status;
        };
        expect(await ask(`${api}/runs/${runId}`)).to.equal(200);
        expect(await ask(`${api.replace("http", "HTTP")}/runs/${runId}?wait=0`)).to.equal(200);
        expect(await ask(`${server.url}/api/v1/as/wrong/runs/${runId}`)).to.equal(401);
      });

      it("asks for the runs of another one in vain", async () => {
        const server = await start({ mode: "key", apiKey: "k" });
        const make = async () => (await server.post("/runs", { flowName: "hello" }, bearer("k"))).json.id;
        const [own, other] = [(await make()) as string, (await make()) as string];
        const { apiKey } = server.tokenOf(own, await server.claim(own));
        const list = (parent: string, key: string) =>
          server.api(`/runs?parentRunId=${parent}`, { headers: bearer(key) });
        expect((await list(own, apiKey)).status).to.equal(200);
        expect((await list(other, "k")).status).to.equal(200);
        const refused = await list(other, apiKey);
        expect([refused.status, refused.json.code]).to.deep.equal([403, "FORBIDDEN"]);
      });

      it("that has ended starts runs no more, but the server's key beside it does", async () => {
        const server = await start({ mode: "key", apiKey: "k" });
        const runId = (await server.post("/runs", { flowName: "hello" }, bearer("k"))).json.id as string;
        const call = await server.claim(runId);
        const { api, apiKey } = server.tokenOf(runId, call);
        await server.complete(call);
        const trigger = (key: string) =>
          send(`${api}/flows/hello/runs`, { method: "POST", body: {}, headers: bearer(key) });
        expect((await trigger(apiKey)).json.code).to.equal("ATTEMPT_OVER");
        expect((await trigger("k")).status).to.equal(201);
      });

      it("of the later of two attempts counts, where both are shown", async () => {
        const server = await start({ mode: "key", apiKey: "k" });
        const runId = (await server.post("/runs", { flowName: "hello" }, bearer("k"))).json.id as string;
        const { key, attempt } = await server.claim(runId);
        const [earlier, now] = [attempt - 1, attempt].map((of) =>
          server.tokenOf(runId, { key, attempt: of }),
        );
        const body = { stage: "s", steps: [{ name: "greet" }] };
        const write = (api: string, apiKey: string) =>
          send(`${api}/runs/${runId}/steps`, { method: "POST", body, headers: bearer(apiKey) });
        expect((await write(earlier!.api, now!.apiKey)).status).to.equal(201);
        expect((await write(now!.api, earlier!.apiKey)).status).to.equal(200);
        expect((await write(earlier!.api, earlier!.apiKey)).json.code).to.equal("ATTEMPT_OVER");
      });

      it("in path or header is enough, where the other is of an attempt that has ended or of another run", async () => {
        const server = await start({ mode: "key", apiKey: "k" });
        const make = async () =>
          (await server.post("/runs", { flowName: "hello" }, bearer("k"))).json.id as string;
        const own = await make();
        const call = await server.claim(own);
        const ended = server.tokenOf(own, call);
        const other = await make();
        const foreign = server.tokenOf(other, await server.claim(other));
        await server.post(`/runs/${own}/steps`, { stage: "s", steps: [{ name: "greet" }] }, bearer("k"));
        await server.complete(call);
        const live = server.tokenOf(own, await server.claim(own, "step"));
        const log = async (api: string, apiKey: string) => {
          const sent = { method: "POST", body: { message: "hi" }, headers: bearer(apiKey) };
          return (await send(`${api}/runs/${own}/logs`, sent)).status;
        };
        const read = async (api: string, apiKey: string) =>
          (await send(`${api}/runs/${own}`, { headers: bearer(apiKey) })).status;
        const trigger = async (api: string, apiKey: string) => {
          const sent = { method: "POST", body: {}, headers: bearer(apiKey) };
          return (await send(`${api}/flows/hello/runs`, sent)).status;
        };
        for (const [one, two] of [
          [ended, live],
          [foreign, live],
        ] as const) {
          expect(await log(one.api, two.apiKey)).to.equal(201);
          expect(await log(two.api, one.apiKey)).to.equal(201);
          expect(await read(one.api, two.apiKey)).to.equal(200);
          expect(await read(two.api, one.apiKey)).to.equal(200);
          expect(await trigger(one.api, two.apiKey)).to.equal(201);
        }
        expect(await log(ended.api, foreign.apiKey)).to.equal(409);
        expect(await read(foreign.api, ended.apiKey)).to.equal(200);
      });

      it("does not reach other runs, but those that it started", async () => {
        const server = await start({ mode: "open" });
        const [own, other] = [await server.aRun(), await server.aRun()];
        const headers = bearer(server.tokenOf(own, await server.claim(own)).apiKey);
        const child = await server.post("/runs", { flowName: "other" }, headers);
        expect([child.status, child.json.parentRunId]).to.deep.equal([201, own]);
        const get = async (path: string) => (await server.api(path, { headers })).status;
        expect(await get(`/runs/${child.json.id}`)).to.equal(200);
        expect(await get(`/runs/${child.json.id}/steps`)).to.equal(200);
        expect(await get(`/runs/${other}`)).to.equal(403);
        expect(await get("/workers")).to.equal(403);
        expect(await get("/flows")).to.equal(200);
        expect((await server.api("/runs", { headers })).json.data.map((run: Parsed) => run.id)).to.deep.equal(
          [child.json.id],
        );
        for (const run of [other, child.json.id])
          expect((await server.post(`/runs/${run}/abort`, undefined, headers)).json.code).to.equal(
            "FORBIDDEN",
          );
        expect((await server.post(`/runs/${other}/logs`, { message: "x" }, headers)).json.code).to.equal(
          "FORBIDDEN",
        );
      });

      it("is no good when it was tampered with, or signed for another database", async () => {
        const server = await start({ mode: "key", apiKey: "k" });
        const runId = (await server.post("/runs", { flowName: "hello" }, bearer("k"))).json.id as string;
        const { apiKey } = server.tokenOf(runId, await server.claim(runId));
        for (let at = 0; at < apiKey.length; at += 7) {
          const changed = apiKey.slice(0, at) + (apiKey[at] === "A" ? "B" : "A") + apiKey.slice(at + 1);
          expect(await statusOf(server, bearer(changed)), String(at)).to.equal(401);
        }
        expect(await statusOf(server, bearer(`${apiKey}A`))).to.equal(401);
      });
    });

    it("refuses writes from pages of other origins", async () => {
      const server = await start({ mode: "open" });
      const post = async (headers: Readonly<Record<string, string>>) =>
        (await server.post("/runs", { flowName: "hello" }, headers)).status;
      expect(await post({ Origin: server.url })).to.equal(201);
      for (const origin of [
        "null",
        "http://evil.example",
        `https://127.0.0.1:${server.port}`,
        "http://127.0.0.1:1",
      ])
        expect(await post({ Origin: origin }), origin).to.equal(403);
      expect(await statusOf(server, { Origin: "http://evil.example" })).to.equal(200);
      const answer = await server.api("/runs", { headers: { Origin: "http://evil.example" } });
      expect(answer.headers).not.to.have.property("access-control-allow-origin");
    });

    it("refuses requests with so many headers that one could be overlooked", async () => {
      const server = await start({ mode: "open" });
      const ask = async (more: number) => {
        const others = Array.from({ length: more }, (_, at) => [`x-${at}`, "1"] as const);
        return server.api("/flows/hello/runs", {
          method: "POST",
          body: {},
          headers: Object.fromEntries([...others, ["Origin", "http://evil.example"]]),
        });
      };
      expect((await ask(100)).status).to.equal(403);
      for (const more of [195, 200, 300]) {
        const { status, json } = await ask(more);
        expect([status, json.code], String(more)).to.deep.equal(
          more === 195 ? [403, "FORBIDDEN"] : [431, "INVALID_REQUEST"],
        );
      }
    });

    it("needs application/json of those who show nothing", async () => {
      const server = await start({ mode: "open" });
      const body = '{"flowName":"hello"}';
      const form = { "Content-Type": "application/x-www-form-urlencoded" };
      expect((await server.post("/runs", body, form)).status).to.equal(415);
      expect((await server.post("/runs", body, { "Content-Type": "" })).status).to.equal(415);
      expect((await server.post("/runs", body, { ...form, ...bearer("test-token") })).status).to.equal(201);
    });

    it("answers HEAD like GET, without a body", async () => {
      const server = await start({ mode: "open" });
      const head = await receive(await begin(`${server.url}/api/v1/runs`, { method: "HEAD", headers: {} }));
      expect([head.status, head.text]).to.deep.equal([200, ""]);
    });
  });
});
