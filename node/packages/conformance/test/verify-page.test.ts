import { readFileSync } from "node:fs";
import { join } from "node:path";
import { invariants } from "@maxq/db";
import { expect } from "chai";

describe("docs/verify.md", () => {
  it("tells of each invariant once, and of no other", () => {
    const page = readFileSync(join(import.meta.dirname, "../../../../docs/verify.md"), "utf8");
    const told = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(told.toSorted()).to.deep.equal(invariants.map(({ name }) => name).toSorted());
    expect(page).to.contain(`${invariants.length} invariants hold`);
  });
});
