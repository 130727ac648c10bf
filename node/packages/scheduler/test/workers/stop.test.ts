import type { Store } from "@maxq/db";
import { expect } from "chai";
import { Drain } from "../../src/worker/drain.js";
import { DispatchSetup } from "../dispatch/dispatch-setup.js";
import { settle } from "../fakes/manual-clock.js";
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

describe("stopping a worker whose database does not answer", () => {
  let site: Site;
  let away: boolean;

  /** From when it is away, nothing that it is asked is ever answered. */
  const silent = (store: Store): Store =>
    new Proxy(store, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        const verb = (value as (...args: unknown[]) => unknown).bind(target);
        const local = name === "onWakeUp" || name === "wakeUpsHealthy";
        return (...args: unknown[]) => (away && !local ? new Promise(() => undefined) : verb(...args));
      },
    });

  beforeEach(async () => {
    away = false;
    site = await Site.open({ through: silent });
    await site.worker.start();
  });
  afterEach(() => site.close());

  it("comes to its end", async () => {
    away = true;
    await site.worker.stop({ drainMs: 600_000, graceMs: 1000 });
  });

  it("comes to its end when it is hurried while scripts run, which are dead then", async () => {
    site.oneStage(
      "long",
      { steps: [{ id: "a", name: "waits" }] },
      { waits: `echo $$ > "$SITE/pid"; ${waits}` },
    );
    await site.trigger("long");
    const pid = Number(await site.written("pid"));
    await site.written("a.up");
    away = true;
    const stopped = site.worker.stop({ drainMs: 600_000, graceMs: 600_000 });
    await Promise.all([stopped, site.worker.stop({ drainMs: 0, graceMs: 0 })]);
    expect(() => process.kill(pid, 0)).to.throw("ESRCH");
  });
});

describe("a drain", () => {
  /** Ms that it takes, with an exchange under way that is never answered. */
  async function lasts(prepare: (setup: DispatchSetup, drain: Drain) => Promise<void>): Promise<number> {
    const setup = new DispatchSetup();
    const drain = new Drain(setup.dispatcher, setup.clock);
    let over = false;
    void drain.done.then(() => (over = true));
    await prepare(setup, drain);
    const began = setup.clock.now();
    while (!over) await setup.clock.advance(100);
    return setup.clock.now() - began;
  }
  const options = { drainMs: 8000, graceMs: 1000 };
  const silence = (setup: DispatchSetup): void => {
    setup.store.held = new Promise(() => undefined);
  };

  it("of an idle worker waits a second for the database", async () => {
    const ms = await lasts(async (setup, drain) => {
      silence(setup);
      await setup.with(0);
      drain.begin(options);
    });
    expect(ms).to.be.at.most(1000);
  });

  it("waits longer where outcomes are held, unless it is hurried", async () => {
    const prepare = async (setup: DispatchSetup, drain: Drain): Promise<void> => {
      await setup.with(1);
      silence(setup);
      drain.begin(options);
      await setup.clock.advance(2000);
      setup.runner.of("s1").end();
      await settle();
    };
    expect(await lasts(prepare)).to.be.within(4900, 5000);
    const hurried = async (setup: DispatchSetup, drain: Drain): Promise<void> => {
      await prepare(setup, drain);
      drain.hurry({ drainMs: 0, graceMs: 0 });
    };
    expect(await lasts(hurried)).to.be.within(900, 1000);
  });

  it("is over, and waits for nothing more, once it has given up a script that does not end", async () => {
    const setup = await new DispatchSetup().with(1);
    const drain = new Drain(setup.dispatcher, setup.clock);
    drain.begin({ drainMs: 0, graceMs: 1000 });
    await setup.clock.advance(6000);
    expect(await drain.done).to.equal("given_up");
    const timers = setup.clock.timers;
    silence(setup);
    setup.runner.of("s1").end();
    await settle();
    expect(setup.clock.timers).to.equal(timers);
  });

  it("ends what still runs when its time is over, with the grace that it has", async () => {
    const setup = await new DispatchSetup().with(1);
    new Drain(setup.dispatcher, setup.clock).begin(options);
    await setup.clock.advance(7900);
    expect(setup.runner.of("s1").kills).to.deep.equal([]);
    await setup.clock.advance(100);
    expect(setup.runner.of("s1").kills).to.deep.equal([{ reason: "drain", graceMs: 1000 }]);
  });
});
