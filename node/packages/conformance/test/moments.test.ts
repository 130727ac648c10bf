import { createStore, type Driver, type Store } from "@maxq/db";
import { expect } from "chai";
import { aRun } from "../src/kit/a-run.js";
import { accepted } from "../src/kit/world.js";
import { adapters, type Opened } from "./adapters.js";

for (const [title, open] of Object.entries(adapters))
  describe(`at the very moment, on ${title},`, function () {
    this.timeout(60_000);
    let opened: Opened;
    before(async () => (opened = await open()));
    after(() => opened.end());

    const verbs: Record<
      string,
      { from?: "aborted"; to: string; call: (store: Store, id: string) => unknown }
    > = {
      pause: { to: "paused", call: (store, id) => store.pauseRun(id) },
      resume: { to: "pending", call: (store, id) => store.resumeRun(id) },
      abort: { to: "aborted", call: (store, id) => store.abortRun(id) },
      "abort again": { from: "aborted", to: "aborted", call: (store, id) => store.abortRun(id) },
      retry: { from: "aborted", to: "pending", call: (store, id) => store.retryRun(id) },
    };
    for (const [name, { from, to, call }] of Object.entries(verbs))
      it(`a run is answered as ${name} left it, though it is deleted as soon as that has committed`, async () => {
        const { run } = accepted(await opened.store.createRun(aRun()));
        if (from === "aborted") await opened.store.abortRun(run.id);
        const driver = afterCommit(opened.driver, async () => {
          await opened.store.abortRun(run.id);
          await opened.store.deleteRun(run.id);
        });
        expect(await call(createStore(driver), run.id)).to.have.nested.property("run.status", to);
        expect(await opened.store.getRun(run.id)).to.equal(null);
      });
  });

/** The same driver; after the first transaction, this happens before anything else of it. */
function afterCommit(driver: Driver, happen: () => Promise<void>): Driver {
  let happened = false;
  const transaction: Driver["transaction"] = async (work) => {
    const answer = await driver.transaction(work);
    if (!happened) {
      happened = true;
      await happen();
    }
    return answer;
  };
  return new Proxy(driver, {
    get(target, name) {
      if (name === "transaction") return transaction;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
