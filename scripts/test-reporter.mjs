// The mocha reporter of test.sh: `spec`, and the counts in a file, so that the last line of test.sh can be made from them.
// Tests that leave something open fail the run instead of hanging it.
import { writeFileSync } from "node:fs";
import mocha from "mocha";

const patienceMs = 15_000;

export default class TestReporter extends mocha.reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
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

  writeCounts(passes, failures) {
    const file = process.env.MAXQ_TEST_COUNTS;
    if (file !== undefined) writeFileSync(file, `${passes} ${failures}\n`);
  }
}
