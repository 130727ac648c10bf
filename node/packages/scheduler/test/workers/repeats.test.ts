import { DatabaseUnavailable, type Store } from "@maxq/db";
import { expect } from "chai";
import { Site } from "./site.js";

/** The first questions for a stage find the database away. */
function awayAtFirst(store: Store, asked: { times: number }): Store {
  return new Proxy(store, {
    get(target, name) {
      const method = Reflect.get(target, name) as (...args: unknown[]) => unknown;
      if (name !== "hasStage") return method.bind(target);
      return (...args: unknown[]) =>
        ++asked.times <= 2 ? Promise.reject(new DatabaseUnavailable("gone for a test")) : method(...args);
    },
  });
}

describe("a flow call that prints a stage which the run has", () => {
  const asked = { times: 0 };
  let site: Site;
  before(async () => {
    site = await Site.open({ through: (store) => awayAtFirst(store, asked) });
    await site.worker.start();
  });
  after(() => site.close());

  it("repeats it although its script has gone since, and waits for a database that is away", async () => {
    site.oneStage("again", { steps: [{ id: "a", name: "leaves" }] }, { leaves: "rm step.sh; exit 1" });
    const run = await site.run("again");
    expect([run.status, run.error?.code]).to.deep.equal(["failed", "STEP_FAILED"]);
    const calls = await site.store.listFlowCalls(run.id);
    expect(calls.map(({ id, status }) => [id, status])).to.deep.equal([
      ["flow:1", "completed"],
      ["flow:2", "completed"],
    ]);
    expect(asked.times).to.equal(3);
  });
});
