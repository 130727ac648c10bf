import { expect } from "chai";
import { retentionLine, retentionOf } from "../../src/compose/retention.js";

const day = 86_400_000;
const off = { retentionAge: null, retentionRuns: null, retentionFlows: {} };

describe("retention, as the settings say it", () => {
  it("is off, and the start says so", () => {
    expect(retentionOf(off)).to.equal(null);
    expect(retentionOf({ ...off, retentionFlows: { a: { olderThanMs: null, keep: null } } })).to.equal(null);
    expect(retentionLine(null)).to.contain("Retention is off").and.contain("MAXQ_RETENTION_AGE");
  });

  it("is said in words at the start", () => {
    const flows = { nightly: { olderThanMs: null, keep: null }, ping: { olderThanMs: 90_000, keep: null } };
    const rules = retentionOf({ retentionAge: 30 * day, retentionRuns: 1000, retentionFlows: flows });
    expect(retentionLine(rules)).to.equal(
      "Retention: finished runs are removed when their end is 30 d ago and beyond the newest 1000 of their flow; of nightly: stay for ever; of ping: are removed when their end is 90 s ago",
    );
  });
});
