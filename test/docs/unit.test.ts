import { expect } from "chai";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { root, thePage } from "./page/all-pages.js";

describe("the systemd unit", () => {
  it("is the one that its page shows", () => {
    const file = readFileSync(join(root, "docs/deployment/maxq.service"), "utf8");
    const shown = thePage("docs/deployment/systemd.md").fences.find(({ attributes }) =>
      attributes.title?.endsWith("maxq.service"),
    );
    expect(file).to.equal(`${shown!.text}\n`);
  });
});
