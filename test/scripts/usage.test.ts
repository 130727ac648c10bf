import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

const scripts = join(import.meta.dirname, "..", "..", "scripts");

/** What lacks its last word, and the sentence that says so. */
const incomplete: Readonly<Record<string, string>> = {
  "migrate.sh make": "migrate.sh: make needs a name, as in npm run migrate:maxq:make add_owner.",
  "pack.sh --out": "pack.sh: --out needs a folder.",
  "docker-build.sh --tag": "docker-build.sh: --tag needs a name.",
  "chaos.sh --write --seed": "chaos.sh: --seed needs a value.",
  "test.sh --grep": "test.sh: --grep needs a pattern.",
};

/** What those know that take nothing but options. */
const options: Readonly<Record<string, string>> = {
  "build.sh": "--install, --migrate, ",
  "chaos.sh": "--seed, --seeds, --minutes, --width, --write, ",
  "clean.sh": "",
  "docker-test.sh": "--no-build, ",
  "dump-schema.sh": "",
  "format-all.sh": "--check, ",
  "install-deps.sh": "--force, ",
  "render-docs.sh": "--check, ",
};

describe("a script that is used wrongly", () => {
  for (const [used, sentence] of Object.entries(incomplete)) {
    it(`ends with 2 and says what is missing: ${used}`, () => {
      const [script = "", ...args] = used.split(" ");
      const { status, stdout, stderr } = spawnSync(join(scripts, script), args, { encoding: "utf8" });
      expect({ status, stdout, stderr }).to.deep.equal({ status: 2, stdout: "", stderr: `${sentence}\n` });
    });
  }

  for (const [script, known] of Object.entries(options)) {
    it(`ends with 2 and does nothing where an option is unknown: ${script}`, () => {
      const { status, stdout, stderr } = spawnSync(join(scripts, script), ["--dry-run"], {
        encoding: "utf8",
      });
      const sentence = `${script}: unknown option --dry-run. Known: ${known}--help\n`;
      expect({ status, stdout, stderr }).to.deep.equal({ status: 2, stdout: "", stderr: sentence });
    });

    it(`says what it does where that is asked for, and does nothing: ${script}`, () => {
      const { status, stdout, stderr } = spawnSync(join(scripts, script), ["--help"], { encoding: "utf8" });
      const comment = readFileSync(join(scripts, script), "utf8")
        .split("\nset -euo")[0]!
        .replaceAll(/^# ?/gm, "");
      expect({ status, stdout, stderr }).to.deep.equal({
        status: 0,
        stdout: `${comment.split("\n").slice(1).join("\n")}\n`,
        stderr: "",
      });
    });
  }
});
