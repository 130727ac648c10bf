/** A connection is cut after the server has answered and before the worker hears of it, so that a commit may stand of which it does not know. */
import { expect } from "chai";
import { commits, Cuts, nameOf } from "./cuts.js";
import { addFlows, everything } from "./flows.js";
import { FaultSite } from "./site.js";

/** Everything, which takes minutes. */
const long = process.env["MAXQ_TEST_LONG"] === "1";

/** Of the commits of a run, every so-manieth is cut, beginning with another one in each run. */
const STRIDE = 6;

describe("an answer of the database that is lost to a worker at work", function () {
  this.timeout(180_000);
  let site: FaultSite;
  let flows: Readonly<Record<"printed" | "posted", string>>;
  before(async () => {
    site = await FaultSite.open({ MAXQ_LEASE_MS: "6000" });
    flows = addFlows(site.flows);
    await site.aWorker();
  });
  after(() => site.close());
  afterEach(function () {
    if (this.currentTest?.state === "failed") console.error(site.lastWords());
  });

  /** One run, whose answers are cut as chosen. Answers the statements that were cut. */
  async function aRun(flow: string, chosen: (statement: string) => boolean): Promise<string[]> {
    const cuts = new Cuts(site.proxy, chosen);
    const run = await site.api.runToEnd(flow);
    cuts.stop();
    expect(run.status, `${cuts.done.join("\n")}\n${JSON.stringify(run.error)}`).to.equal("completed");
    site.expectOnce(run.id as string, everything);
    return cuts.done;
  }

  it("strands nothing and starts nothing twice, at each of its statements", async () => {
    const cut = new Set<string>();
    const isNew = (statement: string): boolean => {
      const name = nameOf(statement);
      return !cut.has(name) && Boolean(cut.add(name));
    };
    for (const flow of long ? [flows.printed, flows.posted] : [flows.printed])
      while ((await aRun(flow, isNew)).length > 0);
    await site.expectWhole();
    expect(cut.size).to.be.above(20);
  });

  for (const dialect of ["printed", "posted"] as const) {
    it(`strands nothing and starts nothing twice, at each of its commits, in the flow that is ${dialect}`, async () => {
      for (let first = 0; first < STRIDE; first++) {
        let count = 0;
        const cut = await aRun(flows[dialect], (text) => commits(text) && count++ % STRIDE === first);
        expect(cut).not.to.deep.equal([]);
      }
      await site.expectWhole();
    });
  }

  it("strands nothing and starts nothing twice, at each answer alone, in both flows (MAXQ_TEST_LONG)", async function () {
    if (!long) this.skip();
    for (const flow of Object.values(flows)) {
      const before = site.proxy.replies;
      await site.api.runToEnd(flow);
      const needed = site.proxy.replies - before;
      for (let nth = 0; nth < needed; nth++) {
        let count = 0;
        await aRun(flow, () => count++ === nth);
      }
      await site.expectWhole();
      console.error(`${flow}: ${needed} answers cut, one a run`);
    }
  });
});
