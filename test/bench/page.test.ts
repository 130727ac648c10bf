import { expect } from "chai";
import type { BenchCase } from "../../bench/case.js";
import { renderPage } from "../../bench/page/performance.js";
import type { StoredResult, StoredResults } from "../../bench/page/results.js";

const chain: BenchCase = {
  name: "chain",
  order: "b",
  title: "Chain",
  measures: "A hop.",
  run: () => Promise.resolve([]),
};
const result: StoredResult = {
  rows: [
    {
      what: "a hop",
      unit: "ms",
      measured: [2, 3],
      reference: { what: "bare start", measured: [1, 1] },
      compare: "measured − reference",
      must: { atMost: 1 },
    },
  ],
  notes: ["a disk that is slow"],
  machine: "2 × processor",
  commit: "abc1234",
  date: "2026-01-31",
  load: 0.1,
  nice: null,
  rounds: 2,
  seconds: 3,
};
const page = (results: StoredResults): string => renderPage([chain], () => results);

describe("the page of performance", () => {
  it("says first what is kept, and what is missed", () => {
    const text = page({ postgres: result });
    expect(text).to.contain(
      "| b [chain](#chain): a hop, above bare start | 1.50 (1.00 – 2.00) ms **missed** |  | ≤ 1 |  |",
    );
    expect(text).to.contain("- postgres: 0 of 1 are kept; missed: chain (a hop).");
  });

  it("says where and when each case was measured, and what was noted", () => {
    const text = page({ postgres: result, sqlite: { ...result, nice: 19, load: 4 } });
    expect(text).to.contain("- postgres: a disk that is slow");
    expect(text).to.contain(
      "- 2 × processor; 2 rounds, at commit abc1234, 2026-01-31; load before the cases 0.1 to 0.1: chain",
    );
    expect(text).to.contain("2026-01-31, at nice 19; load before the cases 4 to 4: chain");
  });

  it("leaves out what was never measured", () => {
    expect(page({})).not.to.contain("Chain");
  });
});
