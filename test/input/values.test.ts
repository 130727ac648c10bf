/** Values come back exactly as they were given, whatever they are and wherever they are kept. */
import { expect } from "chai";
import { onEachDatabase } from "../system/databases.js";
import { sendRaw } from "../system/raw.js";

/** About 1 MB of JSON in every script of the world, quotes and backslashes included. */
const large = {
  rows: Array.from({ length: 5_000 }, (_, n) => ({
    n,
    text: `Ünïcödé "quoted" \\ ${"日本語 עברית 🎉".repeat(3)} ${n}`,
    deep: [[{ n }]],
  })),
};
const deepUnicode = { "ключ 🔑": [{ "\u2028": "\u2029 \ud83d\ude00 e\u0301 \u00e9 \u200d \ufeff" }] };
const nested = JSON.parse(`${'{"a":['.repeat(25)}"\u{10ffff}"${"]}".repeat(25)}`) as unknown;

const values: readonly (readonly [string, unknown])[] = [
  ...([0, -0.5, 1e300, 9007199254740991, false, true, "", " ", null, [], {}, [[]], [null]] as const).map(
    (value): [string, unknown] => [JSON.stringify(value), value],
  ),
  ["control characters and a NUL", "\u0000\u0001\u001f\u007f\b\f\n\r\t"],
  ["quotes and backslashes", "'\"`$\\u0000 \\ %s :name ? ${x} -- /* */"],
  ["a lone surrogate", "\ud800"],
  ["deep Unicode", deepUnicode],
  ["fifty levels", nested],
  ["keys that look like numbers, and an empty one", { 2: "b", 1: "a", "": 0, "01": 1 }],
  ["1 MB", large],
];

/** Keys that plain objects have already; as text, because an object literal would set them. */
const prototypes = '{"__proto__":{"polluted":true},"constructor":1,"toString":null,"hasOwnProperty":""}';

onEachDatabase("values", { env: { MAXQ_MAX_FIELD_BYTES: "4000000" } }, (system) => {
  let runId: string;
  before(async () => {
    const stage = { stage: "s", final: true, steps: [{ id: "it", name: "it" }] };
    system.flows.stage("echo", stage, {
      it: 'cat "$MAXQ_INPUT"; cat "$MAXQ_INPUT" | { printf \'{"seen":\'; cat; printf "}"; } > "$MAXQ_OUTPUT"',
    });
    system.flows.stage("idle", { stage: "s", steps: [] });
    runId = (await system.server.api.runToEnd("idle")).id;
  });

  for (const [what, value] of values)
    it(`${what} comes back as a run's input, output and metadata, an artifact and a log's metadata`, async () => {
      const { api } = system.server;
      const text = JSON.stringify(value);
      const same = (found: unknown, where: string) => {
        if (JSON.stringify(found) !== text) expect(found, where).to.deep.equal(value);
      };
      const created = await api.post("/flows/idle/runs", { input: value, metadata: { value } });
      expect(created.status).to.equal(201);
      const { id } = created.body;
      await api.ended(id);
      const run = await api.run(id);
      same(created.body.input, "the answer to the trigger");
      same(run.input, "input");
      same(run.metadata.value, "metadata");
      same((await api.request("PATCH", `/runs/${id}`, { output: value })).body.output, "the answer to PATCH");
      same((await api.run(id)).output, "output");

      await api.post(`/runs/${runId}/artifacts`, { name: "value", data: value });
      same((await api.get(`/runs/${runId}/artifacts/value`)).body.data, "artifact");
      if (text.length < 60_000) {
        await api.post(`/runs/${runId}/logs`, { message: what, metadata: value });
        same((await api.get(`/runs/${runId}/logs?limit=1`)).body.logs[0].metadata, "log");
      }
    });

  it("scripts find the input as it was given, and what they write into $MAXQ_OUTPUT comes back", async () => {
    const { api } = system.server;
    for (const [what, value] of values) {
      const run = await api.runToEnd("echo", value);
      expect(run.status, `${what}: ${JSON.stringify(run.error)}`).to.equal("completed");
      const { fields } = (await api.get(`/runs/${run.id}/fields`)).body;
      if (JSON.stringify(fields[0].fields.seen) !== JSON.stringify(value))
        expect(fields[0].fields.seen, what).to.deep.equal(value);
    }
  });

  it("no input at all is null, and no metadata an empty object", async () => {
    const created = await system.server.api.post("/runs", { flowName: "idle" });
    expect(created.body).to.deep.include({ input: null, metadata: {}, output: null });
  });

  it("keys that every object has are keys like others", async () => {
    const { api, url } = system.server;
    const headers = { "content-type": "application/json" };
    const send = (path: string, body: string) =>
      sendRaw(`${url}/api/v1${path}`, { method: "POST", headers, body });
    const created = await send("/runs", `{"flowName":"echo","input":${prototypes},"metadata":${prototypes}}`);
    expect(created.status).to.equal(201);
    await api.ended(created.body.id);
    const of = async (path: string) => (await sendRaw(`${url}/api/v1/runs/${created.body.id}${path}`)).text;
    expect(await of(""))
      .to.contain(`"input":${prototypes}`)
      .and.contain(`"metadata":${prototypes}`);
    expect(await of("/fields")).to.contain(`"seen":${prototypes}`);
    await send(`/runs/${created.body.id}/artifacts`, `{"name":"constructor","data":${prototypes}}`);
    expect(await of("/artifacts/constructor")).to.contain(`"data":${prototypes}`);
  });
});
