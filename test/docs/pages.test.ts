/** Every fenced example of README.md and docs/ is executed as it stands there. `fence.ts` says what the marks of a fence mean, `surroundings.ts` what examples find around them. */
import { expect } from "chai";
import { checkShown } from "./example/check-shown.js";
import { whyNotRun } from "./example/why-not-run.js";
import { PATIENCE_MS, runPage } from "./example/run-page.js";
import { pageNames, thePage } from "./page/all-pages.js";
import type { Fence } from "./page/fence.js";

/** Examples that no machine of ours may run. Each has its reason in its page; think of a way to run one before this grows. */
const MOST_THAT_ARE_NOT_RUN = 18;

describe("the documentation", function () {
  this.timeout(2 * PATIENCE_MS);
  const notRun = new Map<Fence, string>();
  let run = 0;

  for (const name of pageNames()) {
    it(`${name} does what it shows`, async () => {
      const page = thePage(name);
      await checkShown(page);
      for (const fence of page.fences) {
        const reason = await whyNotRun(fence);
        if (reason !== null) notRun.set(fence, reason);
        else if (fence.language === "bash") run++;
      }
      await runPage(page, (fence) => !notRun.has(fence));
    });
  }

  it("has few examples that cannot be run", () => {
    const lines = [...notRun].map(([{ page, line }, reason]) => `  ${page}:${line}: ${reason}`);
    console.log(
      `${run} examples of the documentation were run, ${notRun.size} were not:\n${lines.join("\n")}`,
    );
    const marked = [...notRun.keys()].filter((fence) => fence.attributes["no-run"] !== undefined);
    expect(marked.length).to.be.lessThanOrEqual(MOST_THAT_ARE_NOT_RUN);
  });
});
