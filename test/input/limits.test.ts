/** What is over a limit is refused with the limit's and the setting's name, and what is at it is taken. */
import { expect } from "chai";
import { onEachDatabase } from "../system/databases.js";

const env = {
  MAXQ_MAX_BODY_BYTES: "20000",
  MAXQ_MAX_JSON_DEPTH: "10",
  MAXQ_MAX_JSON_VALUES: "200",
  MAXQ_MAX_STEPS_PER_STAGE: "20",
  MAXQ_MAX_INSTANCES: "10",
  MAXQ_MAX_DEPENDENCIES: "30",
  MAXQ_MAX_ENV_BYTES: "100",
  MAXQ_MAX_FIELD_BYTES: "200",
  MAXQ_MAX_ARTIFACT_BYTES: "300",
  MAXQ_MAX_LOG_BYTES: "400",
};
const text = (bytes: number) => "x".repeat(bytes);
const nested = (levels: number) => JSON.parse(`${"[".repeat(levels)}${"]".repeat(levels)}`) as unknown;
const zeros = (count: number) => Array.from({ length: count }, () => 0);
const stage = (steps: unknown[]) => ({ stage: "s", steps });
const named = (count: number, more: (n: number) => object = () => ({})) =>
  Array.from({ length: count }, (_, n) => ({ id: `i${n}`, name: "it", ...more(n) }));

/** [setting, status, path below the run, over the limit, at it] */
const cases: readonly (readonly [string, number, string, unknown, unknown])[] = [
  ["MAXQ_MAX_BODY_BYTES", 413, "/logs", { message: text(20_000) }, { message: text(300) }],
  ["MAXQ_MAX_JSON_DEPTH", 400, "/artifacts", { name: "a", data: nested(10) }, { name: "a", data: nested(9) }],
  [
    "MAXQ_MAX_JSON_VALUES",
    400,
    "/logs",
    { message: "m", metadata: zeros(196) },
    { message: "m", metadata: zeros(195) },
  ],
  ["MAXQ_MAX_STEPS_PER_STAGE", 400, "/steps", stage(named(21)), { ...stage(named(20)), stage: "t20" }],
  [
    "MAXQ_MAX_INSTANCES",
    400,
    "/steps",
    stage([{ name: "it", instances: 11 }]),
    { stage: "t10", steps: [{ name: "it", instances: 10 }] },
  ],
  [
    "MAXQ_MAX_DEPENDENCIES",
    400,
    "/steps",
    stage(named(10, (n) => ({ dependsOn: Array.from({ length: n }, (_, m) => `i${m}`) }))),
    { stage: "td", steps: [] },
  ],
  [
    "MAXQ_MAX_ENV_BYTES",
    400,
    "/steps",
    stage([{ name: "it", env: { A: text(100) } }]),
    { stage: "te", steps: [{ name: "it", env: { A: text(97) } }] },
  ],
  [
    "MAXQ_MAX_FIELD_BYTES",
    413,
    "/steps/it/fields",
    { fields: { a: text(200) } },
    { fields: { a: text(192) } },
  ],
  [
    "MAXQ_MAX_ARTIFACT_BYTES",
    413,
    "/artifacts",
    { name: "a", data: text(300) },
    { name: "a", data: text(298) },
  ],
  [
    "MAXQ_MAX_LOG_BYTES",
    413,
    "/logs",
    { message: text(300), metadata: text(100) },
    { message: text(300), metadata: text(94) },
  ],
];

onEachDatabase("limits", { env }, (system) => {
  let runId: string;
  before(async () => {
    const { api } = system.server;
    system.flows.stage("idle", { stage: "first", steps: [{ id: "it", name: "it" }] }, { it: ":" });
    runId = await api.trigger("idle");
    await api.stepIs(runId, "it", "completed");
    await api.ended(runId);
    // One whose flow waits takes stages.
    system.flows.add("open", "while :; do sleep 0.1; done", { it: ":" });
    runId = await api.trigger("open");
    await api.stepIs(runId, "flow:1", "running");
    await api.post(`/runs/${runId}/steps`, { stage: "first", steps: [{ id: "it", name: "it" }] });
  });

  for (const [setting, status, path, over, fits] of cases)
    it(`${setting} is named in the refusal, and is what it says`, async () => {
      const { api } = system.server;
      const { status: refused, body } = await api.post(`/runs/${runId}${path}`, over);
      expect(refused, JSON.stringify(body)).to.equal(status);
      expect(body.code).to.equal(status === 413 ? "PAYLOAD_TOO_LARGE" : "LIMIT_EXCEEDED");
      expect(body.details).to.include({ setting, limit: Number(env[setting as keyof typeof env]) });
      expect(body.error).to.contain(setting);
      const taken = await api.post(`/runs/${runId}${path}`, fits);
      expect(taken.status, JSON.stringify(taken.body)).to.be.within(200, 201);
    });

  it("fields that grow by and by stop at the limit, and what is there stays", async () => {
    const { api } = system.server;
    const post = (fields: object) => api.post(`/runs/${runId}/steps/it/fields`, { fields });
    await post({ a: 1 });
    expect((await post({ b: text(150) })).status).to.equal(200);
    const refused = await post({ c: text(150) });
    expect([refused.status, refused.body.details?.setting]).to.deep.equal([413, "MAXQ_MAX_FIELD_BYTES"]);
    const { fields } = (await api.get(`/runs/${runId}/fields?stepId=it`)).body;
    expect(fields[0].fields).to.deep.equal({ a: 1, b: text(150) });
  });

  it("the run that they were about can be ended", async () => {
    expect((await system.server.api.post(`/runs/${runId}/abort`)).status).to.equal(200);
  });
});
