import { expect } from "chai";
import { complaint } from "./report.js";
import { faultKinds } from "./faults/plan.js";
import { chaos } from "./suite.js";

/** Another one is a one-line change; the long form (scripts/chaos.sh) takes many. */
const seed = 7;

describe("three workers on one database, broken in every way once", function () {
  this.timeout(240_000);

  it("lose nothing, double nothing, and leave nothing running", async () => {
    const { outcome, folder } = await chaos({
      seed,
      faults: faultKinds.length,
      forMs: 0,
      pace: 0.4,
      width: 5,
      settleMs: 120_000,
    });
    const again = `./scripts/test.sh test/chaos/chaos.test.ts, or ./scripts/chaos.sh --seed ${seed} --minutes 1`;
    expect(outcome.violations, complaint(outcome, folder ?? "", again)).to.deep.equal([]);
    const { faults, runs } = outcome;
    expect(
      Object.entries(faults).filter(([kind, times]) => times === 0 && kind !== "kill launcher"),
    ).to.deep.equal([]);
    expect(runs.completed + runs.failed).to.be.greaterThan(0);
  });
});
