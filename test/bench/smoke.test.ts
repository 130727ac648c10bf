import "@maxq/test-kit";
import { allCases } from "../../bench/session/cases.js";
import { Session } from "../../bench/session/session.js";

// Whether the programs behind docs/performance.md work, not how fast: everything is tiny, and no time is looked at.
describe("the bench", function () {
  this.timeout(120_000);
  let session: Session;
  before(() => {
    session = new Session({ rounds: 1, smoke: true, profiles: null, say: () => undefined });
  });
  after(() => session.close());

  it("runs each case to its end and gets figures from it", async () => {
    for (const each of await allCases()) {
      for (const kind of each.databases ?? (["postgres", "sqlite"] as const)) {
        await session.run(each, kind).catch((error: unknown) => {
          throw new Error(`${each.name} on ${kind}`, { cause: error });
        });
      }
    }
  });
});
