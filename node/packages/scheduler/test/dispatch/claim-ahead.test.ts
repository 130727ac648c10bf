import { expect } from "chai";
import fc from "fast-check";
import { claimAhead } from "../../src/dispatch/claim-ahead.js";

const ms = fc.double({ min: 0, max: 1e6, noNaN: true });

describe("claiming ahead", () => {
  it("claims nothing ahead before it knows the pace", () => {
    expect(claimAhead({ slots: 10, commitMs: null, stepMs: 1, runningMs: 0 })).to.equal(0);
    expect(claimAhead({ slots: 10, commitMs: 1, stepMs: null, runningMs: 0 })).to.equal(0);
  });

  it("is between nothing and three times the slots", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), ms, ms, ms, (slots, commitMs, stepMs, runningMs) => {
        expect(claimAhead({ slots, commitMs, stepMs, runningMs })).to.be.within(0, 3 * slots);
      }),
    );
  });

  it("hides a slow commit, and the time in which outcomes gather, behind short steps", () => {
    expect(claimAhead({ slots: 10, commitMs: 5, stepMs: 10, runningMs: 2 })).to.equal(15);
  });

  it("does not hoard long steps, even before the first of them has ended", () => {
    expect(claimAhead({ slots: 10, commitMs: 5, stepMs: 1000, runningMs: 0 })).to.equal(0);
    expect(claimAhead({ slots: 10, commitMs: 5, stepMs: 1, runningMs: 1000 })).to.equal(0);
  });
});
