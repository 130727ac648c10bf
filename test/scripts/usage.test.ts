import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";

const scripts = join(import.meta.dirname, "..", "..", "scripts");

/** What lacks its last word, and the sentence that says so. */
const incomplete: Readonly<Record<string, string>> = {
  "migrate.sh make": "migrate.sh: make needs a name, as in npm run migrate:maxq:make add_owner.",
  "pack.sh --out": "pack.sh: --out needs a folder.",
  "docker-build.sh --tag": "docker-build.sh: --tag needs a name.",
  "test.sh --grep": "test.sh: --grep needs a pattern.",
};

describe("a script that is used wrongly", () => {
  for (const [used, sentence] of Object.entries(incomplete)) {
    it(`ends with 2 and says what is missing: ${used}`, () => {
      const [script = "", ...args] = used.split(" ");
      const { status, stdout, stderr } = spawnSync(join(scripts, script), args, { encoding: "utf8" });
      expect({ status, stdout, stderr }).to.deep.equal({ status: 2, stdout: "", stderr: `${sentence}\n` });
    });
  }
});
