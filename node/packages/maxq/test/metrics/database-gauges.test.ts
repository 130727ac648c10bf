import { DatabaseUnavailable, type Census } from "@maxq/db";
import { checkScrape, parseScrape } from "@maxq/test-kit";
import { expect } from "chai";
import { DatabaseGauges } from "../../src/metrics/database-gauges.js";
import { createMeters, type Meters } from "../../src/metrics/meters.js";

const none = { waiting: 0, delayed: 0, claimed: 0, running: 0, oldestMs: null };
const someCensus: Census = {
  runs: { pending: 1, running: 2, paused: 3, completed: 4, failed: 5, aborted: 6 },
  steps: { ...none, waiting: 7, oldestMs: 1500 },
  calls: none,
  workers: { live: 1, draining: 0, lost: 0 },
};

/** A database that answers as a test says, and counts how often it is asked. */
class Setup {
  readonly meters: Meters = createMeters();
  now = 1000;
  asked = 0;
  answer: () => Promise<Census> = () => Promise.resolve(someCensus);
  readonly gauges = new DatabaseGauges(
    {
      census: () => {
        this.asked++;
        return this.answer();
      },
    },
    this.meters,
    () => this.now,
    5,
  );

  async scrape(): Promise<string> {
    await this.gauges.update();
    return this.meters.registry.metrics();
  }

  /** What a scrape says of a metric, by its labels' values. */
  async valuesOf(name: string): Promise<Record<string, number>> {
    const { samples = [] } = parseScrape(await this.scrape()).families.get(name) ?? {};
    return Object.fromEntries(samples.map(({ labels, value }) => [Object.values(labels).join(" "), value]));
  }
}

describe("what a scrape says of the database", () => {
  it("is what it counts", async () => {
    const setup = new Setup();
    expect(await setup.valuesOf("maxq_runs")).to.deep.equal(someCensus.runs);
    expect(await setup.valuesOf("maxq_steps")).to.include({ "step waiting": 7, "flow waiting": 0 });
    expect(await setup.valuesOf("maxq_queue_oldest_seconds")).to.deep.equal({ step: 1.5, flow: 0 });
    expect(await setup.valuesOf("maxq_database_up")).to.deep.equal({ "": 1 });
    expect(checkScrape(await setup.scrape())).to.deep.equal([]);
  });

  it("is asked for once in five seconds, whoever scrapes", async () => {
    const setup = new Setup();
    await Promise.all([setup.scrape(), setup.scrape()]);
    setup.now += 4999;
    await setup.scrape();
    expect(setup.asked).to.equal(1);
    setup.now += 1;
    await setup.scrape();
    expect(setup.asked).to.equal(2);
  });

  it("is that it is down, and nothing else, while it cannot be asked", async () => {
    const setup = new Setup();
    await setup.scrape();
    setup.now += 5000;
    setup.answer = () => Promise.reject(new DatabaseUnavailable("gone"));
    expect(await setup.valuesOf("maxq_database_up")).to.deep.equal({ "": 0 });
    expect(await setup.valuesOf("maxq_runs")).to.deep.equal({});
    expect(checkScrape(await setup.scrape())).to.deep.equal([]);
    setup.answer = () => Promise.resolve(someCensus);
    expect(await setup.valuesOf("maxq_database_up")).to.deep.equal({ "": 1 });
  });

  it("is not waited for when it does not answer, and comes with a later scrape", async () => {
    const setup = new Setup();
    let answer: (census: Census) => void = () => undefined;
    setup.answer = () => new Promise((resolve) => (answer = resolve));
    expect(await setup.valuesOf("maxq_database_up")).to.deep.equal({ "": 0 });
    answer(someCensus);
    expect(await setup.valuesOf("maxq_database_up")).to.deep.equal({ "": 1 });
    expect(setup.asked).to.equal(1);
  });
});
