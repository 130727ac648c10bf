import { DatabaseUnavailable, type LeaseView } from "@maxq/db";
import { expect } from "chai";
import { createLeaseWatch } from "../../src/index.js";
import { noInstruments } from "../../src/instruments.js";
import { aLease } from "../fakes/builders.js";
import { ManualClock } from "../fakes/manual-clock.js";
import { silentLogger } from "../fakes/silent-logger.js";

describe("a watch over leases, of a process that is no worker", () => {
  let clock: ManualClock;
  let leases: LeaseView[];
  let awaited: number[];
  let alive: boolean | "unknown";
  let answer: () => Promise<null>;
  let looks: number;
  let events: string[];
  let stop: () => Promise<void>;

  beforeEach(() => {
    clock = new ManualClock();
    leases = [aLease()];
    awaited = [7];
    alive = "unknown";
    answer = () => Promise.resolve(null);
    looks = 0;
    events = [];
    const watch = createLeaseWatch({
      ...{ clock, logger: silentLogger, instruments: noInstruments, leaseMs: 6000 },
      isProcessAlive: () => alive,
      clearRemains: ({ id }) => Promise.resolve(void events.push(`clear ${id}`)),
      store: {
        runTimers: () => answer(),
        listAwaited: () => Promise.resolve(awaited),
        listLeases: () => {
          looks++;
          return Promise.resolve(leases);
        },
        rescueWorker: (key, renewals) =>
          Promise.resolve(void events.push(`rescue ${key} at ${renewals}`)).then(() => 2),
      },
    });
    stop = () => watch.stop();
    watch.start();
  });

  afterEach(() => stop());

  it("gives back what a worker owned whose counter stood still for a whole lease, not before", async () => {
    await clock.advance(5999);
    expect(events).to.deep.equal([]);
    await clock.advance(1);
    expect(events).to.deep.equal(["rescue 7 at 3"]);
  });

  it("leaves to a worker what nobody waits for: it may only be cut off, and record what ended on it when it is back", async () => {
    awaited = [];
    await clock.advance(20_000);
    expect(events).to.deep.equal([]);
    awaited = [7];
    await clock.advance(1000);
    expect(events).to.deep.equal(["rescue 7 at 3"]);
  });

  it("leaves one of its host to the lease, too, then clears what it left", async () => {
    alive = false;
    await clock.advance(5999);
    expect(events).to.deep.equal([]);
    await clock.advance(1);
    expect(events).to.deep.equal(["clear other/1", "rescue 7 at 3"]);
  });

  it("leaves a worker alone that renews, and looks every sixth of the lease", async () => {
    for (let renewals = 0; renewals < 20; renewals++) {
      leases = [aLease({ renewals })];
      await clock.advance(1000);
    }
    expect(events).to.deep.equal([]);
    expect(looks).to.equal(21);
  });

  it("takes nobody for dead right after an outage, or a lock, that may have kept workers from renewing", async () => {
    for (const away of [
      () => Promise.reject(new DatabaseUnavailable("gone")),
      () => new Promise<null>((resolve) => clock.after(9000, () => resolve(null))),
    ]) {
      answer = away;
      await clock.advance(9999);
      answer = () => Promise.resolve(null);
      await clock.advance(1000);
      expect(events).to.deep.equal([]);
      leases = [aLease({ renewals: leases[0]!.renewals + 1 })];
      await clock.advance(5000);
      expect(events).to.deep.equal([]);
    }
    await clock.advance(2000);
    expect(events).to.deep.equal(["rescue 7 at 5"]);
  });
});
