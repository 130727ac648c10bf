/** Workers that are killed with SIGKILL, launcher and all. */
import { until } from "@maxq/test-kit";
import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { Crew, killWorker } from "./crew.js";

const leaseMs = 3000;

describe("a worker that is killed with its launcher", function () {
  this.timeout(60_000);
  let crew: Crew;
  before(async () => {
    crew = await Crew.open({ MAXQ_LEASE_MS: `${leaseMs}` });
  });
  after(() => crew.close());

  it("loses its steps to another within lease + 2 s, but for those that say onLost: fail", async () => {
    const script = `echo $$ >"$TEST_SIGNALS/$MAXQ_STEP_ID.$MAXQ_ATTEMPT"; until [ -e "$TEST_SIGNALS/go" ]; do sleep 0.05; done`;
    const steps = [
      { id: "a", name: "work" },
      { id: "b", name: "work" },
      { id: "c", name: "work", onLost: "fail", allowFailure: true },
    ];
    crew.flows.stage("lost", { stage: "s", final: true, steps }, { work: script });
    const first = await crew.aWorker(3);
    const runId = await crew.api.trigger("lost");
    await until("all run", () => crew.signed("a.1", "b.1", "c.1"));
    const second = await crew.aWorker(3);

    killWorker(first);
    const begin = performance.now();
    await until("both run again", () => crew.signed("a.2", "b.2"), leaseMs + 2000);
    console.log(
      `      again elsewhere after ${Math.round(performance.now() - begin)} ms (lease ${leaseMs} ms)`,
    );
    writeFileSync(crew.sign("go"), "");
    expect((await crew.api.ended(runId)).status).to.equal("completed");
    expect(crew.signs()).to.deep.equal(["a.1", "a.2", "b.1", "b.2", "c.1", "go"]);
    const c = await crew.api.step(runId, "c");
    expect([c.status, c.error.code, c.attempt]).to.deep.equal(["failed", "WORKER_LOST", 1]);
    await second.stop();
  });

  it("three times over gives its step a last chance, and a fourth loss fails it", async () => {
    const script = `echo $$ >"$TEST_SIGNALS/up.$MAXQ_ATTEMPT"; exec sleep 600`;
    crew.flows.stage(
      "fatal",
      { stage: "s", final: true, steps: [{ id: "x", name: "work" }] },
      { work: script },
    );
    const runId = await crew.api.trigger("fatal");
    for (let attempt = 1; attempt <= 4; attempt++) {
      const worker = await crew.aWorker(1, { MAXQ_DATA_DIR: `${crew.directory}/fatal` });
      await until(`attempt ${attempt} runs`, () => crew.signed(`up.${attempt}`), 20_000);
      killWorker(worker);
      await worker.ended;
    }
    await crew.aWorker(1);
    const run = await crew.api.ended(runId);
    expect(run.status).to.equal("failed");
    const { error, attempts } = await crew.api.step(runId, "x");
    expect(error.code).to.equal("WORKER_LOST");
    expect(attempts.map(({ reason }: { reason: string }) => reason).slice(0, 3)).to.deep.equal(
      Array(3).fill("worker_lost"),
    );
  });
});
