import { DatabaseUnavailable, type Pruned, type PruneRequest, type RetentionRules } from "@maxq/db";
import { expect } from "chai";
import { Reachability } from "../../src/database/reachability.js";
import { Retention } from "../../src/retention/retention.js";
import { ManualClock } from "../fakes/manual-clock.js";
import { silentLogger } from "../fakes/silent-logger.js";

const rules: RetentionRules = { olderThanMs: null, keep: 10, flows: {} };
const place = (flowName: string) => ({
  flowName,
  completedBefore: -1,
  upTo: { createdAt: 5, id: "" },
  after: { createdAt: -1, id: "" },
});

/** A store whose batches take what they are told, on the clock of the test. */
class Site {
  readonly clock = new ManualClock();
  readonly asked: PruneRequest[] = [];
  readonly turns: string[] = [];
  answers: Pruned[] = [];
  marked = 0;
  tookMs = 10;
  holder: string | null = null;
  isAway = false;

  retention(who: string, itsRules: RetentionRules | null = rules): Retention {
    return new Retention({
      clock: this.clock,
      logger: silentLogger,
      reachability: new Reachability(this.clock, silentLogger),
      rules: itsRules,
      holder: who,
      store: {
        prune: async (request) => {
          this.asked.push(request);
          if (this.isAway) throw new DatabaseUnavailable("away");
          await this.clock.advance(this.tookMs);
          return this.answers.shift() ?? { runs: 0, steps: 0, bytes: null, next: null };
        },
        removeMarked: () => Promise.resolve(this.marked-- > 0),
        takePruneTurn: (holder, ms) => {
          this.turns.push(holder);
          const taken = (this.holder ?? holder) === holder;
          if (taken) this.holder = ms === 0 ? null : holder;
          return Promise.resolve(taken);
        },
      },
    });
  }
}

const some = (flowName: string): Pruned => ({ runs: 3, steps: 3, bytes: null, next: place(flowName) });

describe("the service of retention", () => {
  it("goes on where the last batch ended, and begins anew when the pass is over", async () => {
    const site = new Site();
    const retention = site.retention("a");
    site.answers = [some("x"), some("y")];
    for (let batch = 0; batch < 4; batch++) await retention.batch();
    expect(site.asked.map((request) => request.place?.flowName ?? null)).to.deep.equal([
      null,
      "x",
      "y",
      null,
    ]);
  });

  it("rests four times as long as a batch took, and a minute after a pass", async () => {
    const site = new Site();
    const retention = site.retention("a");
    site.answers = [some("x")];
    expect(await retention.batch()).to.equal(40);
    expect(await retention.batch()).to.equal(60_000);
  });

  it("never rests for long in the middle of a pass, so that it keeps up under load that lasts", async () => {
    const site = new Site();
    const retention = site.retention("a");
    site.tookMs = 1_000;
    site.answers = [some("x")];
    expect(await retention.batch()).to.equal(100);
  });

  it("takes fewer rows where batches are slow, and more where they are quick", async () => {
    const site = new Site();
    const retention = site.retention("a");
    const rows = async (tookMs: number): Promise<number> => {
      site.tookMs = tookMs;
      site.answers = Array.from({ length: 20 }, () => some("x"));
      for (let batch = 0; batch < 20; batch++) await retention.batch();
      return site.asked.at(-1)!.rows;
    };
    expect(await rows(400)).to.equal(500);
    expect(await rows(1)).to.equal(4_000);
    expect(await rows(400)).to.equal(500);
  });

  it("leaves it to the one who has the turn", async () => {
    const site = new Site();
    site.holder = "b";
    expect(await site.retention("a").batch()).to.equal(60_000);
    expect(site.asked).to.deep.equal([]);
  });

  it("asks for its turn again in good time, and not before each batch", async () => {
    const site = new Site();
    const retention = site.retention("a");
    site.answers = Array.from({ length: 10 }, () => some("x"));
    for (let batch = 0; batch < 5; batch++) await retention.batch();
    expect(site.turns).to.have.length(1);
    await site.clock.advance(30_000);
    await retention.batch();
    expect(site.turns).to.have.length(2);
  });

  it("gives its turn up when it stops, and nobody else's", async () => {
    const site = new Site();
    const [a, b] = [site.retention("a"), site.retention("b")];
    await a.batch();
    await b.batch();
    await b.leave();
    expect(site.holder).to.equal("a");
    await a.leave();
    expect(site.holder).to.equal(null);
    await b.batch();
    expect(site.holder).to.equal("b");
  });

  it("without rules finishes what was begun, and then looks once an hour", async () => {
    const site = new Site();
    const retention = site.retention("a", null);
    site.marked = 2;
    expect(await retention.batch()).to.be.lessThan(1_000);
    expect(await retention.batch()).to.be.lessThan(1_000);
    expect(await retention.batch()).to.equal(3_600_000);
    expect([site.asked, site.turns]).to.deep.equal([[], []]);
  });

  it("tries again soon when the database was away", async () => {
    const site = new Site();
    const retention = site.retention("a");
    site.isAway = true;
    expect(await retention.batch()).to.be.lessThan(1_000);
  });
});
