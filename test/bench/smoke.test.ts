import "@maxq/test-kit";
import { allCases } from "../../bench/session/cases.js";
import { Session } from "../../bench/session/session.js";

const cases = await allCases();

// Whether the programs behind docs/performance.md work, not how fast: everything is tiny, and no time is looked at.
describe("the bench", function () {
  this.timeout(180_000);
  let session: Session;
  before(() => {
    session = new Session({ rounds: 1, smoke: true, profiles: null, say: () => undefined });
  });
  after(() => session.close());

  for (const each of cases) {
    for (const kind of each.databases ?? (["postgres", "sqlite"] as const))
      it(`gets figures of ${each.name} on ${kind}`, async () => {
        await session.run(each, kind);
      });
  }
});
