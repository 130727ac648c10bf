/** Workers that are told to stop. */
import { nothingIsLeftOf, until } from "@maxq/test-kit";
import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { Crew } from "./crew.js";

describe("a worker that gets SIGTERM", function () {
  this.timeout(180_000);
  let crew: Crew;
  before(async () => {
    crew = await Crew.open({});
  });
  after(() => crew.close());

  const begun = (prefix: string): number =>
    crew.signs().filter((name) => name.startsWith(`${prefix}.`) && name.endsWith(".1")).length;

  it("lets 10 steps of one second end within its drain, records them all and exits with 0", async () => {
    const work = `: >"$TEST_SIGNALS/short.$MAXQ_SEQUENCE.$MAXQ_ATTEMPT"; exec sleep 1`;
    crew.flows.stage(
      "short",
      { stage: "s", final: true, steps: [{ name: "work", instances: 10 }] },
      { work },
    );
    const worker = await crew.aWorker(10, { MAXQ_DRAIN_MS: "60000" });
    const runId = await crew.api.trigger("short");
    await until("all ten run", () => begun("short") === 10);
    expect((await worker.stop("SIGTERM")).code).to.equal(0);
    await nothingIsLeftOf(worker.mark);
    const steps = await crew.api.steps(runId);
    expect(steps.map(({ status, attempt }) => `${status} ${attempt}`)).to.deep.equal(
      Array(10).fill("completed 1"),
    );
    const other = await crew.aWorker(1);
    expect((await crew.api.ended(runId)).status).to.equal("completed");
    await other.stop();
  });

  it("puts steps that go on for longer back at once, their trees gone, with no retry used", async () => {
    const work = `: >"$TEST_SIGNALS/long.$MAXQ_SEQUENCE.$MAXQ_ATTEMPT"
      [ -e "$TEST_SIGNALS/go" ] || { setsid sleep 60 & sleep 60; exit 1; }`;
    crew.flows.stage("long", { stage: "s", final: true, steps: [{ name: "work", instances: 10 }] }, { work });
    const worker = await crew.aWorker(10, { MAXQ_DRAIN_MS: "300" });
    const runId = await crew.api.trigger("long");
    await until("all ten run", () => begun("long") === 10);
    expect((await worker.stop("SIGTERM")).code).to.equal(0);
    const steps = await crew.api.steps(runId);
    expect(steps.map(({ status }) => status)).to.deep.equal(Array(10).fill("pending"));
    await nothingIsLeftOf(worker.mark);

    writeFileSync(crew.sign("go"), "");
    await crew.aWorker(10);
    expect((await crew.api.ended(runId)).status).to.equal("completed");
    const { attempts, maxRetries } = await crew.api.step(runId, "s.work.0");
    expect(maxRetries).to.equal(0);
    expect(attempts.map(({ reason }: { reason: string | null }) => reason)).to.deep.equal(["drain", null]);
  });
});
