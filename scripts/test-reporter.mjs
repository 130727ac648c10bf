// The mocha reporter of test.sh: `spec`, and the counts in a file, so that the last line of test.sh can be made from them. What failed is in a second
// file, `<counts>.failures`, so that test.sh can end with it: whoever sees only the end of a log sees why.
// Tests that leave something open fail the run instead of hanging it.
import { appendFileSync, writeFileSync } from "node:fs";
import mocha from "mocha";

const patienceMs = 60_000;

export default class TestReporter extends mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    runner.on("fail", (test, error) => this.writeFailure(test, error));
    runner.once("end", () => {
      this.writeCounts(this.stats.passes, this.stats.failures);
      setTimeout(() => {
        const open = process.getActiveResourcesInfo().join(", ");
        console.error(`Tests left something open that keeps the process alive: ${open}`);
        this.writeCounts(this.stats.passes, this.stats.failures + 1);
        process.exit(1);
      }, patienceMs).unref();
    });
  }

  writeFailure(test, error) {
    const file = process.env.MAXQ_TEST_COUNTS;
    if (file === undefined) return;
    const text = String(error?.stack ?? error).slice(0, 4_000);
    appendFileSync(`${file}.failures`, `✗ ${test.fullTitle()} (${test.duration ?? "?"} ms)\n${text}\n\n`);
  }

  writeCounts(passes, failures) {
    const file = process.env.MAXQ_TEST_COUNTS;
    if (file !== undefined) writeFileSync(file, `${passes} ${failures}\n`);
  }
}
