import { expect } from "chai";
import fc from "fast-check";
import { maxBackoffMs, retryDelay } from "@maxq/core";

const always = (number: number) => (): number => number;

describe("the wait before a retry", () => {
  it("is as given when fixed", () => {
    for (const failures of [1, 2, 50])
      expect(retryDelay({ retryDelayMs: 500, retryBackoff: "fixed", failures }, always(0))).to.equal(500);
  });

  it("doubles with each failure when exponential, up to an hour", () => {
    const most = (failures: number): number =>
      retryDelay({ retryDelayMs: 100, retryBackoff: "exponential", failures }, always(0.999_999_999_999));
    expect([1, 2, 3, 4].map(most)).to.deep.equal([100, 200, 400, 800]);
    expect(most(1000)).to.equal(maxBackoffMs);
  });

  it("is anything between nothing and that, so that steps that failed together spread", () => {
    expect(retryDelay({ retryDelayMs: 100, retryBackoff: "exponential", failures: 3 }, always(0))).to.equal(
      0,
    );
    expect(retryDelay({ retryDelayMs: 100, retryBackoff: "exponential", failures: 3 }, always(0.5))).to.equal(
      200,
    );
  });

  it("is a whole number from 0 to what was asked for or an hour, whatever comes", () => {
    const wait = fc.record({
      retryDelayMs: fc.nat(2_147_483_647),
      retryBackoff: fc.constantFrom("fixed" as const, "exponential" as const),
      failures: fc.integer({ min: 1, max: 2_147_483_647 }),
    });
    fc.assert(
      fc.property(wait, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (given, random) => {
        const delay = retryDelay(given, always(random));
        expect(delay).to.satisfy(Number.isSafeInteger);
        expect(delay).to.be.within(0, Math.max(maxBackoffMs, given.retryDelayMs));
      }),
    );
  });
});
