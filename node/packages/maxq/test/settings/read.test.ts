import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ScriptStart } from "@maxq/core";
import { expect } from "chai";
import { ownEnvironment } from "../../../executor/src/environment.js";
import { MARK_VARIABLE } from "../../../executor/src/launcher/frames.js";
import { readSettings, type Environment, type Flags } from "../../src/settings/read.js";
import type { Settings } from "../../src/settings/settings.js";

function read(environment: Environment, flags: Flags = {}): Settings {
  const answer = readSettings(flags, environment);
  if (answer.reason === "invalid") throw new Error(answer.problems.join("\n"));
  return answer.settings;
}

function problemsOf(environment: Environment, flags: Flags = {}): readonly string[] {
  const answer = readSettings(flags, environment);
  return answer.reason === "invalid" ? answer.problems : [];
}

describe("reading settings", () => {
  it("has the defaults of the documentation", () => {
    expect(read({})).to.include({
      port: 3000,
      host: "127.0.0.1",
      flowsRoot: "./flows",
      dataDir: "./data",
      databaseUrl: null,
      sqlitePath: null,
      apiKey: null,
      maxConcurrentSteps: 10,
      maxLogCapture: 8192,
      schedulerIntervalMs: 200,
      schedulerBatchSize: null,
      abortGraceMs: 5000,
      drainMs: 8000,
      leaseMs: 30_000,
      logLevel: "info",
    });
  });

  it("takes a flag over a variable", () => {
    expect(read({ MAXQ_PORT: "4000" }, { port: "5000" }).port).to.equal(5000);
  });

  it("takes MAXQ_PORT over MAXQ_SERVER_PORT", () => {
    expect(read({ MAXQ_SERVER_PORT: "4001" }).port).to.equal(4001);
    expect(read({ MAXQ_PORT: "4000", MAXQ_SERVER_PORT: "4001" }).port).to.equal(4000);
  });

  it("counts an empty variable as unset", () => {
    expect(read({ MAXQ_PORT: "", MAXQ_SERVER_PORT: "4001" }).port).to.equal(4001);
    expect(read({ MAXQ_DATABASE_URL: "" }).databaseUrl).to.equal(null);
  });

  it("reads which finished runs are removed, and of which flows otherwise", () => {
    const none = { retentionAge: null, retentionRuns: null };
    expect(read({})).to.deep.include({ ...none, retentionFlows: {} });
    const given = {
      MAXQ_RETENTION_AGE: "30d",
      MAXQ_RETENTION_RUNS: "1000",
      MAXQ_RETENTION_FLOWS: "nightly=90d, ping=500 import=7d/1000,billing=forever",
    };
    expect(read(given)).to.deep.include({
      retentionAge: 30 * 86_400_000,
      retentionRuns: 1000,
      retentionFlows: {
        nightly: { olderThanMs: 90 * 86_400_000, keep: null },
        ping: { olderThanMs: null, keep: 500 },
        import: { olderThanMs: 7 * 86_400_000, keep: 1000 },
        billing: { olderThanMs: null, keep: null },
      },
    });
    expect(problemsOf({ MAXQ_RETENTION_AGE: "30" })).to.deep.equal([
      'MAXQ_RETENTION_AGE is "30", but it must be a number and a unit: 90s, 15m, 2h or 30d. Correct it, or leave it out.',
    ]);
    for (const wrong of ["nightly", "a=b", "a=1d/2d", "a=0", "../a=1d", "a=1d=2", "a=", "a=1d/"])
      expect(problemsOf({ MAXQ_RETENTION_FLOWS: wrong }), wrong).to.have.length(1);
    for (const twice of ["a=1,a=1000", "a=1d b=1 a=1d", "a=forever,a=1"])
      expect(problemsOf({ MAXQ_RETENTION_FLOWS: twice })[0]).to.contain(
        "name each flow once; a has two rules",
      );
  });

  it("reports all that is wrong at once, each with its name, what is wrong and what to do", () => {
    const problems = problemsOf({ MAXQ_PORT: "abc", LOG_LEVEL: "loud" }, { abortGraceMs: "-1" });
    expect(problems).to.deep.equal([
      'MAXQ_PORT is "abc", but it must be a whole number from 0 to 65535. Correct it, or leave it out for 3000.',
      'LOG_LEVEL is "loud", but it must be one of debug, info, warn, error. Correct it, or leave it out for info.',
      '--abort-grace-ms is "-1", but it must be a whole number from 0 to 3600000. Correct it, or leave it out for 5000.',
    ]);
  });

  it("refuses more bytes of what a script prints than a launcher can keep", () => {
    for (const [name, least] of [
      ["MAXQ_MAX_BODY_BYTES", 1],
      ["MAXQ_MAX_LOG_CAPTURE", 0],
    ] as const) {
      expect(problemsOf({ [name]: "1073741824" })).to.deep.equal([]);
      expect(problemsOf({ [name]: "4294967296" })[0]).to.contain(
        `${name} is "4294967296", but it must be a whole number from ${least} to 1073741824`,
      );
    }
  });

  it("refuses an empty path", () => {
    expect(problemsOf({}, { flowsRoot: "", dataDir: "" })).to.deep.equal([
      '--flows is "", but it must be a path. Correct it, or leave it out for ./flows.',
      '--data-dir is "", but it must be a path. Correct it, or leave it out for ./data.',
    ]);
  });

  it("says nothing of an empty variable that is no setting: it counts as unset", () => {
    expect(readSettings({}, { MAXQ_UNKNOWN: "", MAXQ_PROT: "1" }))
      .to.have.property("warnings")
      .with.lengthOf(1);
  });

  it("never repeats a secret", () => {
    const [problem] = problemsOf({ MAXQ_DATABASE_URL: "mysql://root:hunter2@db/x" });
    expect(problem).to.match(/^MAXQ_DATABASE_URL is set, but it must look like postgresql:/);
    expect(problem).not.to.contain("hunter2");
  });

  it("refuses an address that leaves open whether the connection is encrypted", () => {
    const [problem] = problemsOf({ MAXQ_DATABASE_URL: "postgres://root:hunter2@db/x?sslmode=prefer" });
    expect(problem)
      .to.match(/^MAXQ_DATABASE_URL is set, but its sslmode must be disable, verify-full/)
      .and.not.include("hunter2");
  });

  it("refuses a server's URL that holds a user or a password, and never repeats what it holds", () => {
    const wrong = "but it may hold neither user nor password: the key is given as MAXQ_API_KEY.";
    for (const userInfo of ["root:hunter2", "hunter2", ":hunter2"]) {
      const [problem] = problemsOf({ MAXQ_URL: `http://${userInfo}@host:3000/` });
      expect(problem).to.contain(`MAXQ_URL is set, ${wrong}`).and.not.to.contain("hunter2");
    }
    expect(problemsOf({}, { serverUrl: "http://root:hunter2@a b/" }).join())
      .to.contain("--server is set, but it must look like http://127.0.0.1:3000.")
      .and.not.to.contain("hunter2");
  });

  it("refuses a key beside MAXQ_AUTH=none", () => {
    expect(problemsOf({ MAXQ_AUTH: "none", MAXQ_API_KEY: "k" }).join()).to.contain("unset MAXQ_AUTH");
  });

  it("refuses a secret that is given twice", () => {
    const environment = { MAXQ_API_KEY: "k", MAXQ_API_KEY_FILE: import.meta.filename };
    expect(problemsOf(environment).join()).to.contain("MAXQ_API_KEY and MAXQ_API_KEY_FILE are both set");
  });

  it("says what an unknown variable may have meant", () => {
    const { warnings } = readSettings(
      {},
      { MAXQ_DATABSE_URL: "x", MAXQ_RUN_ID: "set by a script", MAXQ: "" },
    );
    expect(warnings).to.deep.equal([
      'MAXQ_DATABSE_URL is no setting of MaxQ and is ignored. Did you mean "MAXQ_DATABASE_URL"?',
    ]);
  });

  it("takes no variable that a script has for a setting that is misspelt", () => {
    const common = { attempt: 1, api: "", apiKey: "k", runId: "", flowName: "f", input: "", env: {} };
    const paths = { cwd: "/", input: "/", output: "/" };
    const flow = { ...common, kind: "flow", completedStage: "", failedStage: "" };
    const step = { ...common, kind: "step", stepId: "", stepName: "", stageName: "", sequence: 0 };
    const environment: Record<string, string> = { [MARK_VARIABLE]: "m" };
    for (const script of [flow, step] as unknown as ScriptStart[])
      for (const line of ownEnvironment(script, paths).split("\0")) environment[line.split("=")[0]!] = "x";
    expect(environment).to.include.keys("MAXQ_RUN_ID", "MAXQ_STEP_ID", "MAXQ_COMPLETED_STAGE");
    expect(readSettings({}, environment).warnings).to.deep.equal([]);
  });

  describe("from files", () => {
    let folder: string;
    beforeEach(() => (folder = mkdtempSync(join(tmpdir(), "maxq-settings-"))));
    afterEach(() => rmSync(folder, { recursive: true }));

    it("reads a secret, without the newline at its end", () => {
      const file = join(folder, "key");
      writeFileSync(file, "s3cret\n");
      expect(read({ MAXQ_API_KEY_FILE: file }).apiKey).to.equal("s3cret");
    });

    it("names a file that cannot be read", () => {
      const file = join(folder, "missing");
      expect(problemsOf({ MAXQ_DATABASE_URL_FILE: file }).join())
        .to.contain("cannot be read")
        .and.contain(file);
    });

    it("refuses one that every user may write, and takes one that all can read, as containers get them", () => {
      const file = join(folder, "secret");
      writeFileSync(file, "postgres://db/maxq");
      for (const variable of ["MAXQ_API_KEY_FILE", "MAXQ_DATABASE_URL_FILE"]) {
        chmodSync(file, 0o666);
        expect(problemsOf({ [variable]: file })).to.have.length(1);
        expect(problemsOf({ [variable]: file }).join())
          .to.contain(`${variable} names ${file}, which every user may write (mode 0666)`)
          .and.contain(`chmod 600 ${file}`);
        for (const mode of [0o444, 0o644, 0o640, 0o600]) {
          chmodSync(file, mode);
          expect(problemsOf({ [variable]: file }), `0${mode.toString(8)}`).to.deep.equal([]);
        }
      }
    });

    it("names an empty file", () => {
      const file = join(folder, "empty");
      writeFileSync(file, "\n");
      expect(problemsOf({ MAXQ_API_KEY_FILE: file }).join()).to.contain("which is empty");
    });
  });
});
