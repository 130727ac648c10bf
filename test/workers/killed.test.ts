/** Workers that are killed with SIGKILL, launcher and all. */
import { until } from "@maxq/test-kit";
import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { Crew, killWorker } from "./crew.js";

const leaseMs = 3000;

describe("a worker that is killed with its launcher", function () {
  this.timeout(180_000);
  let crew: Crew;
  before(async () => {
    crew = await Crew.open({ MAXQ_LEASE_MS: `${leaseMs}` });
  });
  after(() => crew.close());

  it("is taken for dead by a server without a worker where it was the last: an abort ends when its lease has", async () => {
    const script = `echo $$ >"$TEST_SIGNALS/last.$MAXQ_STEP_ID"; exec sleep 600`;
    const steps = [{ id: "a", name: "work" }];
    crew.flows.stage("last", { stage: "s", final: true, steps }, { work: script });
    const worker = await crew.aWorker(1);
    const runId = await crew.api.trigger("last");
    await until("it runs", () => crew.signed("last.a"));
    killWorker(worker);
    await worker.ended;
    await crew.api.post(`/runs/${runId}/abort`);
    expect((await crew.api.ended(runId)).status).to.equal("aborted");
    expect((await crew.api.step(runId, "a")).status).to.equal("aborted");
  });

  it("loses its steps to another of its host, which sees that it is gone, but for those that say onLost: fail", async () => {
    const { runId, tookMs } = await loseSteps(crew, "seen");
    console.log(`      again on the same host after ${tookMs} ms`);
    expect(crew.signs().filter((sign) => sign.startsWith("seen"))).to.deep.equal([
      "seen.a.1",
      "seen.a.2",
      "seen.b.1",
      "seen.b.2",
      "seen.c.1",
      "seen.go",
    ]);
    const c = await crew.api.step(runId, "c");
    expect([c.status, c.error.code, c.attempt]).to.deep.equal(["failed", "WORKER_LOST", 1]);
  });

  it("loses its steps to one of another host when its lease has ended, not before, though the database's clock was set back", async () => {
    const elsewhere = async (): Promise<void> => {
      await crew.database.query("update worker set host = 'elsewhere'");
      await crew.database.turnClock(-3_600_000);
      const ahead = "select 1 from worker where status = 'live' and renewed_at > now_ms()";
      await until(
        "it has renewed by that clock",
        async () => (await crew.database.query(ahead)).length === 0,
      );
    };
    const { tookMs, leaseLeftMs } = await loseSteps(crew, "unseen", elsewhere);
    console.log(
      `      again on another host after ${tookMs} ms (lease ${leaseMs} ms, ${leaseLeftMs} ms of it left)`,
    );
    expect(tookMs).to.be.at.least(leaseLeftMs);
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
      await until(`attempt ${attempt} runs`, () => crew.signed(`up.${attempt}`));
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

/**
 * Two steps and one that may not be lost run on a worker; it is killed with its launcher. Answers how long it took until others had started what may be started
 * again, and, for sure, no less of the lease was left when it was killed.
 */
async function loseSteps(
  crew: Crew,
  name: string,
  beforeTheKill?: () => Promise<void>,
): Promise<{ readonly runId: string; readonly tookMs: number; readonly leaseLeftMs: number }> {
  const script = `echo $$ >"$TEST_SIGNALS/${name}.$MAXQ_STEP_ID.$MAXQ_ATTEMPT"; until [ -e "$TEST_SIGNALS/${name}.go" ]; do sleep 0.05; done`;
  const steps = [
    { id: "a", name: "work" },
    { id: "b", name: "work" },
    { id: "c", name: "work", onLost: "fail", allowFailure: true },
  ];
  crew.flows.stage(name, { stage: "s", final: true, steps }, { work: script });
  const first = await crew.aWorker(3);
  const runId = await crew.api.trigger(name);
  await until("all run", () => crew.signed(`${name}.a.1`, `${name}.b.1`, `${name}.c.1`));
  await beforeTheKill?.();
  const second = await crew.aWorker(3);

  killWorker(first);
  const begin = performance.now();
  const [registration] = await crew.database.query<{ left: string }>(
    `select lease_ms - (now_ms() - renewed_at) as left from worker where pid = ${first.pid} and status = 'live'`,
  );
  await until("both run again", () => crew.signed(`${name}.a.2`, `${name}.b.2`));
  const tookMs = Math.round(performance.now() - begin);
  writeFileSync(crew.sign(`${name}.go`), "");
  expect((await crew.api.ended(runId)).status).to.equal("completed");
  await second.stop();
  return { runId, tookMs, leaseLeftMs: Number(registration?.left ?? 0) };
}
