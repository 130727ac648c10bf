import { expect } from "chai";
import { connect } from "node:net";
import { gzipSync } from "node:zlib";
import { forEachDatabase } from "@maxq/test-kit";
import type { Sent } from "./http.js";
import { aServer, type TestServer } from "./server.js";

const noRun = "00000000-0000-4000-8000-000000000000";
const deep = `{"flowName":"hello","input":${"[".repeat(20_000)}${"]".repeat(20_000)}}`;

const manyKeys = {
  flowName: "hello",
  metadata: Object.fromEntries(Array.from({ length: 1_001 }, (_, n) => [`k${n}`, n])),
};

type Refusal = readonly [
  what: string,
  path: string,
  sent: Sent,
  status: number,
  code: string,
  message: RegExp,
];

function aRefusal(what: string, action: string, body: unknown, code: string, message: RegExp): Refusal {
  return [what, `/runs/${noRun}/${action}`, post(body), 400, code, message];
}

const refusals: readonly Refusal[] = [
  ["a path that is none", "/nothing", {}, 404, "NOT_FOUND", /openapi\.json/],
  ["another method", "/runs", { method: "PUT" }, 405, "METHOD_NOT_ALLOWED", /POST, GET, HEAD/],
  ["broken JSON", "/runs", post("{\n  oops"), 400, "INVALID_JSON", /line 2, column 3/],
  ["JSON that ends too early", "/runs", post('{"flowName":"hel'), 400, "INVALID_JSON", /column 17/],
  ["two documents", "/runs", post("{} {}"), 400, "INVALID_JSON", /column 4/],
  ["bytes that are not UTF-8", "/runs", post(Buffer.from([0x7b, 0xff, 0x7d])), 400, "INVALID_JSON", /UTF-8/],
  [
    "metadata of too many keys",
    "/runs",
    post(manyKeys),
    400,
    "LIMIT_EXCEEDED",
    /1001 keys.*MAXQ_MAX_METADATA_KEYS/,
  ],
  ["a deeply nested body", "/runs", post(deep), 400, "LIMIT_EXCEEDED", /MAXQ_MAX_JSON_DEPTH/],
  ["a huge body", "/runs", post(`"${"x".repeat(70_000)}"`), 413, "PAYLOAD_TOO_LARGE", /MAXQ_MAX_BODY_BYTES/],
  [
    "a bomb",
    "/runs",
    post(gzipSync(Buffer.alloc(1e6, 32)), { "Content-Encoding": "gzip" }),
    413,
    "PAYLOAD_TOO_LARGE",
    /MAXQ_MAX_BODY_BYTES/,
  ],
  [
    "a broken gzip",
    "/runs",
    post("{}", { "Content-Encoding": "gzip" }),
    400,
    "INVALID_REQUEST",
    /decompressed/,
  ],
  [
    "an unknown encoding",
    "/runs",
    post("{}", { "Content-Encoding": "rot13" }),
    415,
    "UNSUPPORTED_MEDIA_TYPE",
    /gzip/,
  ],
  [
    "another charset",
    "/runs",
    post("{}", { "Content-Type": "application/json; charset=latin1" }),
    415,
    "UNSUPPORTED_MEDIA_TYPE",
    /UTF-8/,
  ],
  [
    "another type",
    "/runs",
    post("{}", { "Content-Type": "text/plain" }),
    415,
    "UNSUPPORTED_MEDIA_TYPE",
    /application\/json/,
  ],
  [
    "a number beyond all doubles",
    "/runs",
    post('{"flowName":"hello","input":[1e400]}'),
    400,
    "INVALID_JSON",
    /too large/,
  ],
  ...["abort", "retry", "pause", "resume", "steps/a/retry"].flatMap((action) => [
    aRefusal(`a key for ${action}, which takes none`, action, { mode: "new" }, "INVALID_REQUEST", /"mode"/),
    aRefusal(`no JSON for ${action}`, action, "oops", "INVALID_JSON", /line 1/),
  ]),
  ...[null, [], 1, "x"].map((fields) =>
    aRefusal(
      `${JSON.stringify(fields)} for fields`,
      "steps/a/fields",
      { fields },
      "INVALID_REQUEST",
      /must be an object/,
    ),
  ),
  ["an array", "/runs", post("[]"), 400, "INVALID_REQUEST", /object/],
  ["a scalar", "/runs", post("1"), 400, "INVALID_REQUEST", /object/],
  ["nothing", "/runs", { method: "POST" }, 400, "INVALID_REQUEST", /flowName/],
  [
    "a number for a name",
    "/runs",
    post({ flowName: 7 }),
    400,
    "INVALID_REQUEST",
    /`flowName` must be a string/,
  ],
  ["a misspelt key", "/runs", post({ flowname: "hello" }), 400, "INVALID_REQUEST", /flowName/],
  [
    "a prototype key",
    "/runs",
    post('{"flowName":"hello","__proto__":{"a":1}}'),
    400,
    "INVALID_REQUEST",
    /__proto__/,
  ],
  [
    "a constructor key",
    "/runs",
    post('{"flowName":"hello","constructor":{}}'),
    400,
    "INVALID_REQUEST",
    /constructor/,
  ],
  ["a path for a name", "/runs", post({ flowName: "../etc" }), 400, "INVALID_REQUEST", /flowName/],
  ["a NUL in a text", "/runs", post({ flowName: "hello", name: "a\0b" }), 400, "INVALID_REQUEST", /NUL/],
  ...["name", "description"].map((key): Refusal => {
    const sent = post(`{"flowName":"hello","${key}":"a\\ud800"}`);
    return [`half a character in a ${key}`, "/runs", sent, 400, "INVALID_REQUEST", /surrogate/];
  }),
  ...["message", "entityId"].map((key) => {
    const body = `{"message":"m","${key}":"\\udc00a"}`;
    return aRefusal(`half a character in a ${key}`, "logs", body, "INVALID_REQUEST", /surrogate/);
  }),
  [
    "a fractional number",
    "/runs",
    post({ flowName: "hello", timeoutMs: 1.5 }),
    400,
    "INVALID_REQUEST",
    /timeoutMs/,
  ],
  [
    "a negative number",
    "/runs",
    post({ flowName: "hello", timeoutMs: -1 }),
    400,
    "INVALID_REQUEST",
    /timeoutMs/,
  ],
  ["a flow that is none", "/runs", post({ flowName: "nothing" }), 404, "FLOW_NOT_FOUND", /nothing/],
  ["a flow that is a prototype's", "/flows/constructor", {}, 404, "FLOW_NOT_FOUND", /constructor/],
  [
    "an Idempotency-Key of two words",
    "/runs",
    post({ flowName: "hello" }, { "Idempotency-Key": "a b" }),
    400,
    "INVALID_REQUEST",
    /Idempotency-Key/,
  ],
  ["a limit that is no number", "/runs?limit=abc", {}, 400, "INVALID_REQUEST", /limit/],
  ["a negative limit", "/runs?limit=-1", {}, 400, "INVALID_REQUEST", /limit/],
  ["a fractional limit", "/runs?limit=1.5", {}, 400, "INVALID_REQUEST", /limit/],
  ["a limit over the most", "/runs?limit=101", {}, 400, "INVALID_REQUEST", /100/],
  ["a repeated parameter", "/runs?limit=1&limit=2", {}, 400, "INVALID_REQUEST", /more than once/],
  ["an unknown parameter", "/runs?state=running", {}, 400, "INVALID_REQUEST", /state/],
  ["an unknown status", "/runs?status=sleeping", {}, 400, "INVALID_REQUEST", /sleeping/],
  ["a cursor that is none", "/runs?cursor=nonsense", {}, 400, "INVALID_REQUEST", /cursor/],
  ["a NUL in the query", "/runs?flowName=a%00", {}, 400, "INVALID_REQUEST", /NUL/],
  ["a query that is not UTF-8", "/runs?flowName=%ff", {}, 400, "INVALID_REQUEST", /UTF-8/],
  ["a path that is not UTF-8", "/runs/%ff", {}, 400, "INVALID_REQUEST", /UTF-8/],
  ["a parameter where none is taken", `/runs/${noRun}/stages?limit=1`, {}, 400, "INVALID_REQUEST", /limit/],
  ["an id that cannot be one", "/runs/1", {}, 404, "RUN_NOT_FOUND", /UUID/],
  ["a run that is none", `/runs/${noRun}`, {}, 404, "RUN_NOT_FOUND", /no run/],
  ["steps of no run", `/runs/${noRun}/steps`, {}, 404, "RUN_NOT_FOUND", /no run/],
  ["stages of no run", `/runs/${noRun}/stages`, {}, 404, "RUN_NOT_FOUND", /no run/],
  ["fields of no run", `/runs/${noRun}/fields`, {}, 404, "RUN_NOT_FOUND", /no run/],
  ["artifacts of no run", `/runs/${noRun}/artifacts`, {}, 404, "RUN_NOT_FOUND", /no run/],
  ["logs of no run", `/runs/${noRun}/logs`, {}, 404, "RUN_NOT_FOUND", /no run/],
  ["events of no run", `/runs/${noRun}/events`, {}, 404, "RUN_NOT_FOUND", /no run/],
  ["a step id with a NUL", `/runs/${noRun}/steps/a%00b`, {}, 404, "STEP_NOT_FOUND", /no step/],
  [
    "scheduling on no run",
    `/runs/${noRun}/steps`,
    post({ stage: "s", steps: [] }),
    404,
    "RUN_NOT_FOUND",
    /no run/,
  ],
  ["aborting no run", `/runs/${noRun}/abort`, { method: "POST" }, 404, "RUN_NOT_FOUND", /./],
  ["deleting no run", `/runs/${noRun}`, { method: "DELETE" }, 404, "RUN_NOT_FOUND", /./],
];

function post(body: unknown, headers: Readonly<Record<string, string>> = {}): Sent {
  return { method: "POST", body, headers };
}

describe("what is refused", () => {
  forEachDatabase((openStore) => {
    let server: TestServer;
    before(async () => (server = await aServer(await openStore(), { limits: { bodyBytes: 64 * 1024 } })));
    after(() => server.close());

    for (const [what, path, sent, status, code, message] of refusals) {
      it(`${what}: ${status} ${code}`, async () => {
        const received = await server.api(path, sent);
        expect([received.status, received.json.code]).to.deep.equal([status, code], received.text);
        expect(received.json.error).to.match(message);
      });
    }

    it("says how to bring the schema of its database up to date, wherever MaxQ came from", async () => {
      const health = async () => ({ ...(await server.store.health()), schema: "older" as const });
      const behind = await aServer(
        new Proxy(server.store, {
          get: (store, verb) => (verb === "health" ? health : (Reflect.get(store, verb) as unknown)),
        }),
      );
      const { status, json } = await behind.api("/readyz");
      await behind.close();
      expect(status).to.equal(503);
      expect(json.error).to.contain("Run `maxq migrate`");
    });

    it("says which methods a path takes", async () => {
      expect((await server.api("/runs", { method: "PUT" })).headers.allow).to.equal("POST, GET, HEAD");
    });

    it("names the limit and the setting of a body that is too large", async () => {
      const { json } = await server.post("/runs", "x".repeat(70_000));
      expect(json.details).to.include({ setting: "MAXQ_MAX_BODY_BYTES", limit: 65_536, actual: 70_000 });
    });

    it("refuses fields, artifacts and log lines over their limits", async () => {
      const small = await aServer(server.store, {
        limits: { fieldBytes: 10, artifactBytes: 10, logBytes: 10 },
      });
      const id = await small.aRun();
      const long = "x".repeat(20);
      const answers = [
        await small.post(`/runs/${id}/steps/any/fields`, { fields: { long } }),
        await small.post(`/runs/${id}/artifacts`, { name: "a", data: long }),
        await small.post(`/runs/${id}/logs`, { message: long }),
      ];
      expect(answers.map(({ status }) => status)).to.deep.equal([413, 413, 413]);
      await small.close();
    });

    it("takes a log line of exactly as many bytes as one may have", async () => {
      const small = await aServer(server.store, { limits: { logBytes: 10 } });
      const id = await small.aRun();
      const statusOf = async (body: object) => (await small.post(`/runs/${id}/logs`, body)).status;
      expect(await statusOf({ message: "x".repeat(10) })).to.equal(201);
      expect(await statusOf({ message: "x".repeat(10), metadata: null })).to.equal(201);
      expect(await statusOf({ message: "x".repeat(11) })).to.equal(413);
      expect(await statusOf({ message: "x".repeat(8), metadata: {} })).to.equal(201);
      expect(await statusOf({ message: "x".repeat(9), metadata: {} })).to.equal(413);
      await small.close();
    });

    it("keeps an id that the client gave, if it is harmless", async () => {
      const given = await server.api("/runs/1", { headers: { "X-Request-Id": "abc-1" } });
      expect(given.json.requestId).to.equal("abc-1");
      const odd = await server.api("/runs/1", { headers: { "X-Request-Id": "a b" } });
      expect(odd.json.requestId).not.to.equal("a b");
      const token = `mxt_${"secret".repeat(13)}01`;
      const kept = await server.api("/runs/1", { headers: { "X-Request-Id": token } });
      expect(kept.json.requestId).not.to.equal(token);
    });

    it("answers what is no HTTP, and headers that are too long, in the same shape", async () => {
      const garbage = await sendBytes(server.port, "NONSENSE\r\n\r\n");
      expect(garbage).to.match(/^HTTP\/1\.1 400 .*"code":"INVALID_REQUEST".*\n$/s);
      const long = await sendBytes(
        server.port,
        `GET / HTTP/1.1\r\nHost: a\r\nX: ${"x".repeat(20_000)}\r\n\r\n`,
      );
      expect(long).to.match(/^HTTP\/1\.1 431 .*16 KiB.*\n$/s);
      for (const answer of [garbage, long])
        expect(answer)
          .to.contain("X-Content-Type-Options: nosniff")
          .and.to.contain("Cache-Control: no-store");
    });

    it("answers what expects more than to go on in the same shape", async () => {
      const odd = await server.post("/flows/hello/runs", {}, { Expect: "a-miracle" });
      expect([odd.status, odd.json.code, odd.headers["x-content-type-options"]]).to.deep.equal([
        417,
        "INVALID_REQUEST",
        "nosniff",
      ]);
      expect(odd.json.error).to.contain("a-miracle");
      const plain = await server.post("/flows/hello/runs", {}, { Expect: "100-continue" });
      expect(plain.status).to.equal(201);
    });

    it("puts security headers on every answer", async () => {
      const { headers } = await server.api("/healthz");
      expect(headers["x-content-type-options"]).to.equal("nosniff");
      expect(headers["content-security-policy"]).to.contain("default-src 'none'");
      expect(headers["x-powered-by"]).to.equal(undefined);
    });
  });
});

function sendBytes(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = "";
    const socket = connect(port, "127.0.0.1", () => socket.write(text));
    socket.on("data", (chunk) => (received += chunk.toString()));
    socket.on("close", () => resolve(received));
    socket.on("error", reject);
  });
}
