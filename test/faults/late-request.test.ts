/** A claim reaches the database when its worker has given it up, reconnected and looked at what it owns: as after a network that was away for a while. */
import { until } from "@maxq/test-kit";
import { expect } from "chai";
import { isExchange } from "./cuts.js";
import { addFlows, everything } from "./flows.js";
import { FaultSite } from "./site.js";

describe("a request of a worker that arrives late", function () {
  this.timeout(180_000);
  let site: FaultSite;
  before(async () => (site = await FaultSite.open({ MAXQ_LEASE_MS: "6000" })));
  after(() => site.close());
  afterEach(function () {
    if (this.currentTest?.state === "failed") console.error(site.lastWords());
  });

  it("claims nothing that its worker does not know of", async () => {
    const { printed } = addFlows(site.flows);
    const worker = await site.aWorker();
    const restsAgain = (): Promise<boolean> =>
      until("the worker rests", async () => (await site.api.get("/workers")).body.data[0].running === 0);
    await restsAgain();

    const delaying = site.proxy.delayRequest(isExchange);
    const early = await site.api.runToEnd(printed);
    const delayed = await delaying;
    await restsAgain();

    // Stopped, so that there is something to claim when the late one arrives.
    worker.kill("SIGSTOP");
    const runId = await site.api.trigger(printed);
    await delayed.deliver();
    worker.kill("SIGCONT");
    expect((await site.api.ended(runId)).status).to.equal("completed");
    for (const id of [early.id as string, runId]) site.expectOnce(id, everything);
    await site.expectWhole();
  });
});
