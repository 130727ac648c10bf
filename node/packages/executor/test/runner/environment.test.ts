import { expect } from "chai";
import type { ScriptEnd } from "@maxq/core";
import { existsSync } from "node:fs";
import { until } from "../processes.js";
import { Workshop } from "../workshop.js";

const baseEnv = {
  PATH: process.env["PATH"],
  HOME: "/nowhere",
  GREETING: "hello",
  PGPASSWORD: "secret",
  MAXQ_DATABASE_URL: "postgres://secret",
  TOKEN_OF_THE_SERVER: "secret",
  PWD: "/somewhere/else",
};

for (const kind of ["native", "node"] as const) {
  describe(`the environment of a script (${kind} launcher)`, () => {
    let workshop: Workshop;
    beforeEach(async () => {
      workshop = await Workshop.open(kind, { baseEnv, hidePgEnv: true, hideEnv: ["TOKEN_OF_THE_SERVER"] });
    });
    afterEach(() => workshop.close());

    it("is the server's, without what configures MaxQ, and the protocol's table", async () => {
      workshop.script("a", "\n#!/usr/bin/env -S cat /proc/self/environ\n");
      const env = { GREETING: "hello, step", EXTRA: "a=b" };
      const seen = variables(
        await workshop.start("a", { env, stepName: "a", sequence: 3, attempt: 2 }).ended,
      );
      expect(seen).to.include({
        HOME: "/nowhere",
        GREETING: "hello, step",
        EXTRA: "a=b",
        MAXQ_RUN_ID: "run-1",
        MAXQ_FLOW_NAME: "f",
        MAXQ_API: "http://127.0.0.1:3000/api/v1",
        MAXQ_API_KEY: "a-token",
        MAXQ_STEP_ID: "build.compile",
        MAXQ_STEP_NAME: "a",
        MAXQ_STAGE_NAME: "build",
        MAXQ_STAGE: "build",
        MAXQ_SEQUENCE: "3",
        MAXQ_ATTEMPT: "2",
      });
      expect(seen).to.include.keys("SHELL", "MAXQ_INPUT", "MAXQ_OUTPUT");
      expect(seen["PWD"]).to.match(/steps\/a$/);
      expect(JSON.stringify(seen)).not.to.contain("secret");
      expect(Object.keys(seen)).not.to.include.members(["MAXQ_COMPLETED_STAGE", "MAXQ_FAILED_STAGE"]);
    });

    it("tells a flow call of stages, with empty values on the first call", async () => {
      workshop.flowScript('set -u; echo "[$MAXQ_COMPLETED_STAGE][$MAXQ_FAILED_STAGE]${MAXQ_STEP_ID-none}"');
      expect((await workshop.call().ended).stdout.text).to.equal("[][]none\n");
      const after = await workshop.call({ completedStage: "build", failedStage: "test" }).ended;
      expect(after.stdout.text).to.equal("[build][test]none\n");
    });

    it("names a file with the run's input, and one to write to that is not there yet", async () => {
      workshop.script("a", '[ ! -e "$MAXQ_OUTPUT" ] && cat "$MAXQ_INPUT" && stat -c %a "$MAXQ_INPUT"');
      const { stdout, output } = await workshop.start("a").ended;
      expect(stdout.text).to.equal("{}600\n");
      expect(output).to.equal(null);
    });

    it("names the same input file for all scripts of a run, until the run is forgotten", async () => {
      workshop.script("a", 'echo "$MAXQ_INPUT"');
      const paths = await Promise.all(
        [1, 2, 3].map(async () => (await workshop.start("a").ended).stdout.text.trim()),
      );
      expect(new Set(paths).size).to.equal(1);
      workshop.runner.forgetRun("run-1");
      await until("the input file is gone", () => !existsSync(paths[0]!));
    });
  });
}

describe("an input that cannot be had", () => {
  it("keeps the script from starting, and says why", async () => {
    const loadInput = (): Promise<string> => Promise.reject(new Error("the database is away"));
    const workshop = await Workshop.open("native", { loadInput });
    workshop.script("a", "exit 0");
    const { end } = await workshop.start("a").ended;
    await workshop.close();
    expect(end).to.include({ reason: "not_started", code: "SCRIPT_NOT_STARTED" });
    expect((end as { message: string }).message).to.match(/input of run run-1 .*the database is away/);
  });
});

function variables({ stdout }: ScriptEnd): Record<string, string> {
  // NUL is replaced in captured text.
  const entries = stdout.text.split("\uFFFD").filter((entry) => entry.includes("="));
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
}
