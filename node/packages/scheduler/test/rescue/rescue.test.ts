import { DatabaseUnavailable, type LeaseView } from "@maxq/db";
import { expect } from "chai";
import { Reachability } from "../../src/database/reachability.js";
import { noInstruments } from "../../src/instruments.js";
import { Lease } from "../../src/heartbeat/lease.js";
import { Rescue } from "../../src/rescue/rescue.js";
import { aLease } from "../fakes/builders.js";
import { ManualClock } from "../fakes/manual-clock.js";
import { silentLogger } from "../fakes/silent-logger.js";

class Sweeps {
  readonly clock = new ManualClock();
  readonly reachability = new Reachability(this.clock, silentLogger);
  leases: LeaseView[] = [];
  alive: boolean | "unknown" = "unknown";
  adoptable = false;
  /** Whether this worker renews its own lease. */
  renews = true;
  readonly events: string[] = [];
  readonly rescue: Rescue;
  readonly lease = new Lease(6000, this.clock);

  constructor() {
    const { lease } = this;
    lease.begin(1, this.clock.now());
    this.rescue = new Rescue({
      clock: this.clock,
      logger: silentLogger,
      reachability: this.reachability,
      lease,
      instruments: noInstruments,
      isProcessAlive: () => this.alive,
      isAdoptable: () => this.adoptable,
      isAwaited: () => true,
      clearRemains: ({ id }) => Promise.resolve(void this.events.push(`clear ${id}`)),
      rescued: () => this.events.push("wake"),
      store: {
        listLeases: () => Promise.resolve(this.leases),
        rescueWorker: (key, renewals) =>
          Promise.resolve(void this.events.push(`rescue ${key} at ${renewals}`)).then(() => 2),
      },
    });
  }

  async sweepFor(ms: number): Promise<void> {
    for (let passed = 0; passed < ms; passed += 1000) {
      await this.clock.advance(1000);
      if (this.renews) this.lease.renewed(this.clock.now());
      await this.rescue.sweep();
    }
  }
}

describe("rescue", () => {
  it("takes a worker for dead when its counter stood still for a whole lease", async () => {
    const sweeps = new Sweeps();
    sweeps.leases = [aLease()];
    await sweeps.sweepFor(6000);
    expect(sweeps.events).to.deep.equal([]);
    await sweeps.sweepFor(1000);
    expect(sweeps.events).to.deep.equal(["rescue 7 at 3", "wake"]);
  });

  it("leaves a worker alone that renews", async () => {
    const sweeps = new Sweeps();
    for (let renewals = 0; renewals < 20; renewals++) {
      sweeps.leases = [aLease({ renewals })];
      await sweeps.sweepFor(1000);
    }
    expect(sweeps.events).to.deep.equal([]);
  });

  it("rescues a worker of this host at once when its process is gone, after clearing what it left", async () => {
    const sweeps = new Sweeps();
    sweeps.leases = [aLease()];
    sweeps.alive = false;
    await sweeps.rescue.sweep();
    expect(sweeps.events).to.deep.equal(["clear other/1", "rescue 7 at 3", "wake"]);
  });

  it("leaves a worker of this host to its lease while a launcher waits for a successor, then clears what it left", async () => {
    const sweeps = new Sweeps();
    sweeps.leases = [aLease()];
    sweeps.alive = false;
    sweeps.adoptable = true;
    await sweeps.sweepFor(6000);
    expect(sweeps.events).to.deep.equal([]);
    await sweeps.sweepFor(1000);
    expect(sweeps.events).to.deep.equal(["clear other/1", "rescue 7 at 3", "wake"]);
  });

  it("waits one heartbeat after this worker could renew again, so that the living renew first", async () => {
    const sweeps = new Sweeps();
    sweeps.leases = [aLease()];
    await sweeps.sweepFor(1000);
    sweeps.reachability.failed(new DatabaseUnavailable("gone"), "test");
    sweeps.lease.missed();
    await sweeps.clock.advance(10_000);
    sweeps.renews = false;
    await sweeps.sweepFor(1000);
    sweeps.lease.renewed(sweeps.clock.now());
    await sweeps.rescue.sweep();
    expect(sweeps.events).to.deep.equal([]);
    await sweeps.clock.advance(1000);
    await sweeps.rescue.sweep();
    expect(sweeps.events).to.deep.equal(["rescue 7 at 3", "wake"]);
  });

  it("takes nobody for dead while this worker's own renewal waits, although the leases can be read, nor right after it came late", async () => {
    const sweeps = new Sweeps();
    sweeps.leases = [aLease()];
    await sweeps.sweepFor(2000);
    const sentAt = sweeps.clock.now();
    sweeps.renews = false;
    await sweeps.sweepFor(9000);
    expect(sweeps.events).to.deep.equal([]);
    sweeps.lease.renewed(sentAt);
    await sweeps.rescue.sweep();
    expect(sweeps.events).to.deep.equal([]);
    sweeps.leases = [aLease({ renewals: 4 })];
    sweeps.renews = true;
    await sweeps.sweepFor(5000);
    expect(sweeps.events).to.deep.equal([]);
  });
});
