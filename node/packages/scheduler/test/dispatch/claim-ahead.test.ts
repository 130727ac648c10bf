import { expect } from "chai";
import fc from "fast-check";
import {
  claimAhead,
  LONGEST_GATHER_MS,
  nothingAhead,
  SHORTEST_GATHER_MS,
} from "../../src/dispatch/claim-ahead.js";

const ms = fc.double({ min: 0, max: 1e6, noNaN: true });

describe("claiming ahead", () => {
  it("claims nothing ahead before it knows the pace", () => {
    expect(claimAhead({ slots: 10, commitMs: null, stepMs: 1, runningMs: 0 })).to.equal(nothingAhead);
    expect(claimAhead({ slots: 10, commitMs: 1, stepMs: null, runningMs: 0 })).to.equal(nothingAhead);
  });

  it("is between nothing and eight times the slots, at most half of it in reserve, and gathers within its bounds", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), ms, ms, ms, (slots, commitMs, stepMs, runningMs) => {
        const ahead = claimAhead({ slots, commitMs, stepMs, runningMs });
        expect(ahead.steps).to.be.within(0, 8 * slots);
        expect(ahead.reserve).to.be.within(0, 4 * slots);
        expect(ahead.reserve).to.be.at.most(ahead.steps);
        expect(ahead.gatherMs).to.be.within(SHORTEST_GATHER_MS, LONGEST_GATHER_MS);
      }),
    );
  });

  it("hides two slow commits, and the time in which outcomes gather, behind short steps", () => {
    const ahead = claimAhead({ slots: 10, commitMs: 5, stepMs: 10, runningMs: 2 });
    expect(ahead).to.deep.equal({ steps: 50, reserve: 10, handOver: 10, gatherMs: LONGEST_GATHER_MS });
  });

  it("does not hoard long steps, even before the first of them has ended", () => {
    expect(claimAhead({ slots: 10, commitMs: 5, stepMs: 1000, runningMs: 0 })).to.deep.equal(nothingAhead);
    expect(claimAhead({ slots: 10, commitMs: 5, stepMs: 1, runningMs: 1000 })).to.deep.equal(nothingAhead);
  });
});
