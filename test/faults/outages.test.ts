/** The database goes away under load and comes back: sooner than the lease lasts, and later. */
import { until } from "@maxq/test-kit";
import { expect } from "chai";
import { setTimeout as delay } from "node:timers/promises";
import { isAlive } from "../system/processes.js";
import { OutageLoad } from "./outage-load.js";
import { FaultSite } from "./site.js";
import { overlaps } from "./witness.js";

/** With the times of the contract, which takes minutes. */
const long = process.env["MAXQ_TEST_LONG"] === "1";

/** In ms. */
const short = long ? { lease: 30_000, outage: 20_000 } : { lease: 20_000, outage: 3_000 };
const beyond = long ? { lease: 30_000, outage: 45_000 } : { lease: 3_000, outage: 6_000 };
/** Longer than what has ended takes to be recorded when the database is back, which is printed. */
const RECORDED_MS = 30_000;

describe("the database is away under load", function () {
  this.timeout(240_000);
  let site: FaultSite;
  afterEach(async function () {
    if (this.currentTest?.state === "failed") console.error(site.lastWords());
    await site.close();
  });

  async function underLoad(leaseMs: number, patient: boolean): Promise<OutageLoad> {
    // No poll finds what the wake-ups do not tell of.
    site = await FaultSite.open({ MAXQ_LEASE_MS: String(leaseMs), MAXQ_SCHEDULER_INTERVAL_MS: "60000" });
    const load = new OutageLoad(site, patient);
    await site.aWorker();
    return load;
  }

  /** The first attempts of all that had begun and not ended when the database went away. */
  const areDead = (load: OutageLoad): Promise<boolean> =>
    until(
      "what ran is dead",
      () => !load.unended.some(({ pid, attempt }) => attempt === 1 && isAlive(pid)),
      beyond.lease + 30_000,
    );

  for (const how of long ? (["refuse", "stall"] as const) : (["refuse"] as const))
    it(`for less than the lease (${how}): no script is killed, what ended is recorded once, requests of scripts wait`, async () => {
      const load = await underLoad(short.lease, false);
      await load.begin();
      site.proxy[how]();
      load.say("away");
      await delay(short.outage);
      const ended = load.seen.filter(({ what }) => what === "end").length;
      site.proxy.serve();
      const back = performance.now();
      await load.recorded(RECORDED_MS);
      console.error(
        `${how}: ${ended} steps recorded ${Math.round(performance.now() - back)} ms after the return`,
      );
      load.say("back");
      for (const run of await load.ended())
        expect(run.status, JSON.stringify(run.error)).to.equal("completed");
      expect((await site.api.runToEnd("after")).status, "a run of which only a wake-up tells").to.equal(
        "completed",
      );
      expect(load.seen.filter(({ attempt }) => attempt > 1)).to.deep.equal([]);
      expect(load.unended).to.deep.equal([]);
      expect(overlaps(load.seen)).to.deep.equal([]);
      await site.expectWhole();
    });

  for (const how of long ? (["refuse", "stall"] as const) : (["stall"] as const))
    it(`for longer than the lease (${how}): scripts are dead before it ends, what ended is recorded, the rest runs again`, async () => {
      const load = await underLoad(beyond.lease, true);
      await load.begin();
      site.proxy[how]();
      const away = Date.now();
      load.say("away");
      await areDead(load);
      const running = load.unended;
      expect(running.length).to.be.at.least(4);
      expect(load.lastSign(running) - away, "they lived no longer than the lease").to.be.within(
        0,
        beyond.lease,
      );
      const ended = new Set(
        load.seen.filter(({ what }) => what === "end").map(({ runId, id }) => `${runId} ${id}`),
      );
      await delay(away + beyond.outage - Date.now());
      site.proxy.serve();
      const back = performance.now();
      await load.recorded(RECORDED_MS);
      console.error(
        `${how}: ${ended.size} steps recorded ${Math.round(performance.now() - back)} ms after the return, ${running.length} killed`,
      );
      load.say("back");
      for (const run of await load.ended())
        expect(run.status, JSON.stringify(run.error)).to.equal("completed");
      const again = load.seen.filter(({ what, attempt }) => what === "begin" && attempt > 1);
      expect(
        again.filter(({ runId, id }) => ended.has(`${runId} ${id}`)),
        "what had ended ran again",
      ).to.deep.equal([]);
      expect(overlaps(load.seen)).to.deep.equal([]);
      await site.expectWhole();
    });

  it("for one worker and longer than the lease: another one starts what it ran, and nothing overlaps", async () => {
    const load = await underLoad(beyond.lease, true);
    await load.begin();
    await site.aWorker({ url: site.databaseUrl });
    site.proxy.stall();
    load.say("away");
    await areDead(load);
    load.say("back");
    for (const run of await load.ended()) expect(run.status, JSON.stringify(run.error)).to.equal("completed");
    site.proxy.serve();
    expect(overlaps(load.seen)).to.deep.equal([]);
    await site.expectWhole();
  });
});
