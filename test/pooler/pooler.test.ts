/** Behind a pooler that hands connections out for one transaction each, everything works, and the worker says that it polls. */
import { aFolder, postgresDatabase, until, type TestDatabase } from "@maxq/test-kit";
import { expect } from "chai";
import { heard, say, says, waits } from "../control/signals.js";
import { System } from "../system/system.js";
import { startTransactionPooler, type TransactionPooler } from "./transaction-pooler.js";

describe("behind a transaction pooler", function () {
  this.timeout(120_000);
  let database: TestDatabase;
  let pooler: TransactionPooler;
  const system = new System({}, aFolder("pooler"));
  before(async () => {
    database = await postgresDatabase();
    pooler = await startTransactionPooler(database.environment["MAXQ_DATABASE_URL"]!);
    await system.start({ MAXQ_DATABASE_URL: pooler.url });
  });
  after(async () => {
    await system.stop();
    await pooler.close();
    await database.drop();
  });
  afterEach(function () {
    if (this.currentTest?.state === "failed") console.error(system.lastWords());
  });

  it("runs complete in both dialects, thirty side by side", async () => {
    const { api } = system.server;
    const steps = [
      { name: "it", instances: 3 },
      { id: "last", name: "last", dependsOn: ["it"] },
    ];
    const document = { stage: "s", steps, final: true };
    const script = 'echo "n=$MAXQ_SEQUENCE" > "$MAXQ_OUTPUT"';
    const flows = [
      system.flows.stage("printed", document, { it: script, last: script }),
      system.flows.posted("posted", document, { it: script, last: script }),
    ];
    const ids = await Promise.all(Array.from({ length: 30 }, (_, n) => api.trigger(flows[n % 2]!, { n })));
    for (const [n, id] of ids.entries()) {
      const run = await api.ended(id, 60_000);
      expect(run.status, JSON.stringify(run.error)).to.equal("completed");
      expect(run.input).to.deep.equal({ n });
      const { fields } = (await api.get(`/runs/${id}/fields`)).body;
      expect(fields).to.have.length(4);
    }
    expect(Math.min(...pooler.handedOut), "transactions on each connection").to.be.above(10);
  });

  it("runs are paused, aborted and retried, and long polls and streams answer", async () => {
    const { api } = system.server;
    const flow = system.flows.stage(
      "slow",
      { stage: "s", final: true, steps: [{ id: "it", name: "it" }] },
      { it: `${says("up")}; ${waits("go")}` },
    );
    const runId = await api.trigger(flow);
    await heard(system, runId, "up");
    expect((await api.post(`/runs/${runId}/pause`)).body.run.status).to.equal("paused");
    expect((await api.post(`/runs/${runId}/resume`)).status).to.equal(200);
    const aborted = await api.post(`/runs/${runId}/abort`);
    expect([aborted.status, aborted.body.processesKilled]).to.deep.equal([200, 1]);
    say(system, runId, "go");
    expect((await api.post(`/runs/${runId}/retry`)).status).to.equal(200);
    expect((await api.ended(runId)).status).to.equal("completed");
    const events = (await api.get(`/runs/${runId}/events`)).body as string;
    expect(events).to.contain("event: end").and.contain('"status":"aborted"');
  });

  it("the worker says that it polls, in its log and at /readyz", async () => {
    const { api } = system.server;
    await until("the log says so", () => /polls?/.test(system.server.output));
    const [line] = system.server.output.split("\n").filter((each) => /polls/.test(each));
    expect(JSON.parse(line!)).to.include({ level: "warn" });
    expect(line).to.contain("pooler");
    expect((await api.get("/readyz")).body.wakeUps).to.equal("polled");
    expect(system.server.output).not.to.match(/"level":"(error|fatal)"/);
  });
});
