import { expect } from "chai";
import type { Row } from "../../bench/case.js";
import { judged, judgedText, verdict } from "../../bench/page/figure.js";
import { caseTable } from "../../bench/page/table.js";
import { interleave } from "../../bench/session/interleave.js";
import { percentile, spread } from "../../bench/statistics.js";

const row: Row = {
  what: "a hop",
  unit: "ms",
  measured: [2, 4, 3],
  reference: { what: "bare start", measured: [1, 2, 2.5] },
};

describe("figures of the bench", () => {
  it("have the middle, or the mean of both middles, as their median", () => {
    expect(spread([3, 1, 2])).to.deep.equal({ median: 2, least: 1, greatest: 3 });
    expect(spread([4, 1, 2, 3]).median).to.equal(2.5);
  });

  it("have percentiles by nearest rank", () => {
    const values = Array.from({ length: 100 }, (_, n) => 100 - n);
    expect([percentile(values, 50), percentile(values, 99), percentile([7], 99)]).to.deep.equal([50, 99, 7]);
  });

  it("are set against what was measured in the same round", () => {
    expect(judged({ ...row, compare: "measured − reference" })).to.deep.equal([1, 2, 0.5]);
    expect(judged({ ...row, compare: "reference ÷ measured" })).to.deep.equal([0.5, 0.5, 2.5 / 3]);
    expect(judged({ ...row, compare: "measured ÷ reference" })).to.deep.equal([2, 2, 1.2]);
    expect(judged(row)).to.equal(row.measured);
  });

  it("are judged by their median", () => {
    const compared: Row = { ...row, compare: "measured − reference" };
    expect(verdict({ ...compared, must: { atMost: 1 }, aim: { atMost: 0.5 } })).to.equal("must");
    expect(verdict({ ...compared, must: { atMost: 1 }, aim: { atMost: 1 } })).to.equal("aim");
    expect(verdict({ ...compared, must: { atMost: 0.9 } })).to.equal("missed");
    expect(verdict({ ...compared, must: { atLeast: 1 } })).to.equal("must");
    expect(verdict(compared)).to.equal("");
  });

  it("are shown with their unit, ratios without", () => {
    expect(judgedText({ ...row, compare: "measured − reference" })).to.equal("1.00 (0.50 – 2.00) ms");
    expect(judgedText({ ...row, compare: "measured ÷ reference" })).to.equal("2.00 (1.20 – 2.00)");
    expect(caseTable({ postgres: { rows: [{ ...row, must: { atMost: 2 } }] } })).to.contain(
      "| a hop | postgres | 3.00 (2.00 – 4.00) ms **missed** | bare start: 2.00 (1.00 – 2.50) ms |",
    );
  });

  it("come from rounds in turn, the first of which does not count", async () => {
    const order: string[] = [];
    let count = 0;
    const work = (name: string) => () => (order.push(name), Promise.resolve(++count));
    const answers = await interleave({ a: work("a"), b: work("b") }, 2, 0, () => undefined);
    expect(order.join("")).to.equal("ababba");
    expect(answers).to.deep.equal({ a: [3, 6], b: [4, 5] });
  });
});
