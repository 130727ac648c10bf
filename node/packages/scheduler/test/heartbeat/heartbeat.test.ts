import { DatabaseUnavailable, type Renewed, type RunControl } from "@maxq/db";
import { expect } from "chai";
import { Reachability } from "../../src/database/reachability.js";
import { Heartbeat } from "../../src/heartbeat/heartbeat.js";
import { Lease } from "../../src/heartbeat/lease.js";
import { aLease } from "../fakes/builders.js";
import { ManualClock } from "../fakes/manual-clock.js";
import { silentLogger } from "../fakes/silent-logger.js";

class Beating {
  readonly clock = new ManualClock();
  readonly lease = new Lease(6000, this.clock);
  readonly events: string[] = [];
  answer: "renewed" | "lost" | "away" = "renewed";
  more: Pick<Renewed, "others" | "dueInMs" | "work"> = { others: [], dueInMs: null, work: false };
  readonly heartbeat: Heartbeat;

  constructor() {
    this.lease.begin(1, this.clock.now());
    this.heartbeat = new Heartbeat({
      clock: this.clock,
      lease: this.lease,
      reachability: new Reachability(this.clock, silentLogger),
      store: { renewLease: () => this.#renew() },
      others: (leases) => leases.forEach(({ id }) => this.events.push(`lease of ${id}`)),
      due: () => this.events.push("due"),
      work: () => this.events.push("work"),
      controls: (controls) => controls.forEach(({ runId, word }) => this.events.push(`${word} ${runId}`)),
      renewed: (_sentAt, again) => this.events.push(again ? "renewed again" : "renewed"),
      lapsed: () => this.events.push("lapsed"),
      lost: () => Promise.resolve(void this.events.push("lost")),
    });
  }

  async #renew() {
    await Promise.resolve();
    if (this.answer === "away") throw new DatabaseUnavailable("gone");
    if (this.answer === "lost") return { reason: "lost" } as const;
    const controls: RunControl[] = [{ runId: "r", word: "abort" }];
    return { ...this.more, reason: "renewed", controls } as const;
  }

  /** Beats whenever it says that it is due. */
  async beatFor(ms: number): Promise<void> {
    const end = this.clock.now() + ms;
    while (this.clock.now() < end) await this.clock.advance((await this.heartbeat.beat()) ?? 0);
  }
}

describe("heartbeat", () => {
  it("renews every sixth of the lease and passes on the words of the answer", async () => {
    const beating = new Beating();
    expect(await beating.heartbeat.beat()).to.equal(1000);
    expect(beating.events).to.deep.equal(["renewed", "abort r"]);
  });

  it("passes on the leases of others, a timer that is due before the next renewal, and that there is work", async () => {
    const beating = new Beating();
    beating.more = { others: [aLease({ id: "b/1" })], dueInMs: 1000, work: true };
    await beating.heartbeat.beat();
    expect(beating.events).to.deep.equal(["renewed", "abort r", "lease of b/1", "due", "work"]);
  });

  it("says nothing of a timer that is due after the next renewal", async () => {
    const beating = new Beating();
    beating.more = { others: [], dueInMs: 1001, work: false };
    await beating.heartbeat.beat();
    expect(beating.events).to.deep.equal(["renewed", "abort r"]);
  });

  it("kills nothing during an outage of two thirds of the lease", async () => {
    const beating = new Beating();
    await beating.clock.advance(1000);
    beating.answer = "away";
    await beating.beatFor(4000);
    beating.answer = "renewed";
    await beating.heartbeat.beat();
    expect(beating.events).to.deep.equal(["renewed", "abort r"]);
  });

  it("tells once, before the lease ends, that it cannot be relied on any more, and when it can be again", async () => {
    const beating = new Beating();
    beating.answer = "away";
    await beating.beatFor(5400);
    expect(beating.events).to.deep.equal([]);
    await beating.beatFor(500);
    expect(beating.events).to.deep.equal(["lapsed"]);
    expect(beating.lease.holds()).to.equal(false);
    beating.answer = "renewed";
    await beating.heartbeat.beat();
    expect(beating.events).to.deep.equal(["lapsed", "renewed again", "abort r"]);
  });

  it("tells that the lease was lost", async () => {
    const beating = new Beating();
    beating.answer = "lost";
    await beating.heartbeat.beat();
    expect(beating.events).to.deep.equal(["lost"]);
  });
});
