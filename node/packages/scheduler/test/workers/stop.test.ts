import { expect } from "chai";
import { Site } from "./site.js";

const waits = 'echo up > "$SITE/$MAXQ_STEP_ID.up"; until [ -e "$SITE/go" ]; do sleep 0.01; done';

describe("stopping a worker", () => {
  let site: Site;

  beforeEach(async () => {
    site = await Site.open();
    await site.worker.start();
  });
  afterEach(() => site.close());

  it("lets scripts end that do so in time, and records them", async () => {
    site.oneStage(
      "short",
      {
        steps: [
          { id: "a", name: "waits" },
          { id: "b", name: "waits", dependsOn: ["a"] },
        ],
      },
      { waits },
    );
    const runId = await site.trigger("short");
    await site.written("a.up");
    const stopped = site.worker.stop({ drainMs: 20_000, graceMs: 1000 });
    site.touch("go");
    await stopped;
    expect((await site.steps(runId)).map(({ status }) => status)).to.deep.equal(["completed", "pending"]);
    expect((await site.store.listWorkers()).filter(({ status }) => status === "live")).to.deep.equal([]);
  });

  it("hands back what does not end in time; the next worker starts it again without using a retry", async () => {
    site.oneStage("long", { steps: [{ id: "a", name: "waits" }] }, { waits });
    const runId = await site.trigger("long");
    await site.written("a.up");
    await site.worker.stop({ drainMs: 1, graceMs: 1000 });
    expect((await site.steps(runId))[0]).to.deep.include({ status: "pending" });
    site.touch("go");
    site.worker = site.makeWorker();
    await site.worker.start();
    expect((await site.over(runId)).status).to.equal("completed");
    expect((await site.steps(runId))[0]).to.deep.include({ status: "completed", attempt: 2 });
  });

  it("can be hurried", async () => {
    site.oneStage(
      "stubborn",
      { steps: [{ id: "a", name: "stubborn" }] },
      { stubborn: `trap '' TERM; ${waits}` },
    );
    const runId = await site.trigger("stubborn");
    await site.written("a.up");
    const stopped = site.worker.stop({ drainMs: 60_000, graceMs: 60_000 });
    expect(site.worker.status()).to.deep.include({ draining: true, runningSteps: 1 });
    await Promise.all([stopped, site.worker.stop({ drainMs: 0, graceMs: 0 })]);
    expect((await site.steps(runId))[0]).to.deep.include({ status: "pending" });
  });
});
