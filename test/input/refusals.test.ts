/** Whatever is sent to whatever route, what does not fit is refused in the one shape, and nothing is stored. */
import { expect } from "chai";
import { heard, say, says, waits } from "../control/signals.js";
import { onEachDatabase } from "../system/databases.js";
import { sendRaw, type RawAnswer } from "../system/raw.js";
import { readApiDocument, type ApiDocument } from "./api-document.js";
import { badRequests, type BadRequest, type Place } from "./bad-requests.js";

const key = "the-key-of-this-server";
const limits = { MAXQ_MAX_BODY_BYTES: "65536" };

for (const [title, env, bearer] of [
  ["without a key", limits, null],
  ["under a key", { ...limits, MAXQ_API_KEY: key }, key],
] as const)
  onEachDatabase(`bad requests ${title}`, { env }, (system) => {
    const api = () => (bearer === null ? system.server.api : system.server.api.as(bearer));
    const shown = bearer === null ? {} : { authorization: `Bearer ${bearer}` };
    let document: ApiDocument;
    let place: Place;

    before(async () => {
      const steps = [
        { id: "it", name: "it" },
        { id: "later", name: "it", dependsOn: ["it"] },
      ];
      system.flows.stage(
        "hello",
        { stage: "s", steps, final: true },
        { it: `${says("up")}; ${waits("go")}` },
      );
      const runId = await api().trigger("hello");
      await heard(system, runId, "up");
      await api().post(`/runs/${runId}/artifacts`, { name: "there", data: 0 });
      document = await readApiDocument(api());
      place = { runId, stepId: "it", flowName: "hello", artifactName: "there" };
    });

    /** All that a bad request could have changed. */
    const everything = async (): Promise<string> => {
      const ofRun = [
        "",
        "/steps",
        "/stages",
        "/flow-calls",
        "/fields",
        "/artifacts",
        "/artifacts/there",
        "/logs",
      ];
      const paths = ["/runs", "/flows", ...ofRun.map((path) => `/runs/${place.runId}${path}`)];
      const bodies = await Promise.all(paths.map(async (path) => (await api().get(path)).body as unknown));
      return JSON.stringify(bodies, (name, value: unknown) => (name === "durationMs" ? undefined : value), 1);
    };

    const sendAll = async (bad: readonly BadRequest[]): Promise<void> => {
      const before = await everything();
      const left = [...bad];
      const wrong: string[] = [];
      const sender = async () => {
        for (let next = left.pop(); next !== undefined; next = left.pop()) {
          const { what, path, headers, ...rest } = next;
          const url = `${system.server.url}/api/v1${path}`;
          const answer = await sendRaw(url, { ...rest, headers: { ...shown, ...headers } });
          const fault = faultOf(answer);
          if (fault !== null) wrong.push(`${next.method ?? "GET"} ${path.slice(0, 120)}, ${what}: ${fault}`);
        }
      };
      await Promise.all(Array.from({ length: 8 }, sender));
      expect(wrong.join("\n")).to.equal("");
      expect(await everything(), "what is stored").to.equal(before);
    };

    it("of more than 300 kinds, generated from the API's own document, are refused and store nothing", async () => {
      const all = document.operations.flatMap((operation) =>
        badRequests(operation, document, place).filter((bad) => bearer === null || !isTaken(bad)),
      );
      expect(new Set(all.map(({ what }) => what)).size).to.be.above(300);
      await sendAll(all);
    });

    it("by methods that a path does not take are refused", async () => {
      const paths = [...new Set(document.operations.map(({ path }) => path))];
      const bad = paths.flatMap((path) =>
        ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND"]
          .filter(
            (method) => !document.operations.some((each) => each.path === path && each.method === method),
          )
          .map((method) => ({
            what: `the method ${method}`,
            method,
            path: path.replaceAll(/\{(\w+)\}/g, (_, name: keyof Place) => place[name]),
          })),
      );
      await sendAll(bad);
    });

    it("of the kinds that come to a person's mind are refused", async () => {
      await sendAll(byHand(place));
    });

    it("leave no trace: the run goes on to its end, and the server has nothing to complain of", async () => {
      say(system, place.runId, "go");
      expect((await api().ended(place.runId)).status).to.equal("completed");
      expect(system.server.output).not.to.match(/"level":"(error|fatal)"|Warning:/);
    });
  });

/** Whoever shows a key sends JSON, whatever its type says. */
function isTaken({ what }: BadRequest): boolean {
  return ["a form", "plain text", "no type"].includes(what);
}

/** What is wrong with an answer to a bad request, null if nothing is. */
function faultOf({ status, body, text, headers }: RawAnswer): string | null {
  const found = `${status} ${text.slice(0, 300)}`;
  if (status < 400 || status > 499) return found;
  if (body === null || typeof body.error !== "string" || body.error === "") return `no message: ${found}`;
  if (!/^[A-Z_]+$/.test(String(body.code))) return `no code: ${found}`;
  if (body.requestId !== headers["x-request-id"]) return `no request id: ${found}`;
  const keys = Object.keys(body as object).filter(
    (name) => !["error", "code", "details", "requestId"].includes(name),
  );
  if (keys.length > 0) return `more keys: ${found}`;
  if (/node_modules|\.[jt]s:\d|\n\s+at |SQLITE|select |insert /i.test(text)) return `internals: ${found}`;
  return text.length > 10_000 ? `a very long answer: ${text.length}` : null;
}

function byHand({ runId }: Place): BadRequest[] {
  const headers = { "content-type": "application/json" };
  const post = (path: string, body: unknown, more: Readonly<Record<string, string>> = {}): BadRequest => ({
    what: JSON.stringify(body).slice(0, 100),
    method: "POST",
    path,
    headers: { ...headers, ...more },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  const stage = (steps: unknown, more: object = {}) =>
    post(`/runs/${runId}/steps`, { stage: "slipped", steps, ...more });
  const step = (more: object) => stage([{ name: "it", ...more }]);
  return [
    ...[
      "../it",
      "it/../it",
      "it\u0000",
      ".",
      "..",
      "-it",
      "a.b",
      "nowhere",
      "IT",
      "it ",
      "__proto__",
      "constructor",
    ].map((name) => stage([{ name }])),
    ...[
      "LD_PRELOAD",
      "MAXQ_API",
      "BASH_ENV",
      "ENV",
      "A=B",
      "",
      "1A",
      "A B",
      "a-b",
      "A\u0000",
      "__proto__",
    ].map((name) =>
      post(
        `/runs/${runId}/steps`,
        `{"stage":"slipped","steps":[{"name":"it","env":{"${name.replace("\u0000", "\\u0000")}":"x"}}]}`,
      ),
    ),
    ...[{ A: 1 }, { A: null }, { A: "a\u0000b" }, { A: ["x"] }, [], "A=1", 1].map((env) => step({ env })),
    ...[["it"], ["slipped.it"], ["nobody"], [""], [1], [null], "it", {}, [["it"]], ["x".repeat(500)]].map(
      (dependsOn) => step({ dependsOn }),
    ),
    ...["", "a.b", "a b", "ä", "x".repeat(129), "flow:1", "a/b", "\u0000"].map((id) => step({ id })),
    step({ id: "it" }),
    ...[0, -1, 1.5, 1e9, "2", null, true, [], 2 ** 31].map((instances) => step({ instances })),
    ...[-1, 1.5, "2", null, true, 2 ** 31].flatMap((value) => [
      step({ maxRetries: value }),
      step({ retryDelayMs: value }),
      step({ timeoutMs: value }),
    ]),
    stage([{ name: "it" }, { name: "it" }]),
    stage([
      { id: "x", name: "it" },
      { id: "x", name: "it" },
    ]),
    stage([
      { id: "a", name: "it", dependsOn: ["b"] },
      { id: "b", name: "it", dependsOn: ["a"] },
    ]),
    stage([{ name: "it" }, null]),
    stage({ 0: { name: "it" }, length: 1 }),
    stage([], { final: "true" }),
    stage([], { maxParallel: 0 }),
    stage([], { failFast: null }),
    stage([], { recover: 1 }),
    stage([], { finall: true }),
    post(`/runs/${runId}/steps`, { final: false }),
    post(`/runs/${runId}/steps`, { final: true, steps: [] }),
    post(`/runs/${runId}/steps`, { stage: "s", steps: [{ name: "it" }] }),
    post(`/runs/${runId}/steps`, {}),
    post(`/runs/${runId}/steps/it/fields`, { fields: { "": 1 } }),
    post(`/runs/${runId}/steps/it/fields`, { fields: { "a\u0000": 1 } }),
    post(`/runs/${runId}/steps/it/fields`, { fields: { ["x".repeat(300)]: 1 } }),
    post(`/runs/${runId}/steps/it/fields`, { a: 1 }),
    ...["", ".", "..", "a/b", "a b", "ä", "-a", "x".repeat(256), "a\u0000"].map((name) =>
      post(`/runs/${runId}/artifacts`, { name, data: 1 }),
    ),
    post(`/runs/${runId}/artifacts`, { name: "a" }),
    post(`/runs/${runId}/logs`, { message: "" }),
    post(`/runs/${runId}/logs`, { message: "a\u0000b" }),
    post(`/runs/${runId}/logs`, { message: "a", entityId: 7 }),
    post("/runs", { flowName: "hello", metadata: [] }),
    post("/runs", { flowName: "hello", metadata: null }),
    post("/runs", { flowName: "hello", name: "a\u0000" }),
    post("/runs", { flowName: "hello", priority: 2 ** 31 }),
    post("/runs", { flowName: "hello", timeoutMs: 0 }),
    post("/runs", { flowName: "hello", status: "completed" }),
    post("/runs", { flowName: "hello/../hello" }),
    ...["", "a b", "ü".repeat(2), "x".repeat(256), "\t"].map((idempotencyKey) =>
      post(
        "/runs",
        { flowName: "hello" },
        { "idempotency-key": Buffer.from(idempotencyKey).toString("latin1") },
      ),
    ),
    post(`/runs/${runId}/retry`, {}),
    post(`/runs/${runId}/steps/it/retry`, {}),
    { what: "a run that is not over", method: "DELETE", path: `/runs/${runId}` },
    ...[
      "/runs?cursor=x&offset=1",
      "/runs?limit=0",
      "/runs?limit=101",
      "/runs?status=",
      "/runs?status=a,b",
      "/runs?createdAfter=now",
    ].map((path) => ({ what: path, path })),
    ...[
      "/",
      "/run",
      "//runs",
      "/RUNS",
      "/runs/../runs",
      "/%72uns%2f",
      "/as",
      "/as/",

      "/../../etc/passwd",
    ].map((path) => ({ what: path, path })),
  ];
}
