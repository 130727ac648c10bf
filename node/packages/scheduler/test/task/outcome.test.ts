import type { FlowDocument, ScriptEnd } from "@maxq/core";
import { expect } from "chai";
import { outcomeOfFlow, outcomeOfStep, type OutcomeReaders } from "../../src/task/outcome.js";
import { anEnd, aTask, captured } from "../fakes/builders.js";

const readers: OutcomeReaders = {
  readFields: (text) => ({ fields: { text }, warnings: ["line 2 was ignored"] }),
  readDocument: () => ({ reason: "none" }),
  logCapBytes: 100,
};
const exit3: ScriptEnd = anEnd({
  end: { reason: "exited", exitCode: 3 },
  stderr: captured("no such table\n"),
});

describe("the outcome of a step", () => {
  it("has the fields that a successful script left, and warnings for its bad lines", () => {
    const outcome = outcomeOfStep(aTask(1), anEnd({ output: { text: "a=b", tooLarge: false } }), readers);
    expect(outcome).to.deep.include({ result: "success", problem: null, fields: { text: "a=b" } });
    expect(outcome.warnings).to.deep.equal(["line 2 was ignored"]);
  });

  it("has no fields when the script failed", () => {
    const outcome = outcomeOfStep(aTask(1), { ...exit3, output: { text: "a=b", tooLarge: false } }, readers);
    expect(outcome.fields).to.equal(null);
  });

  it("warns of fields that are too large instead of storing half of them", () => {
    const outcome = outcomeOfStep(aTask(1), anEnd({ output: { text: "a=", tooLarge: true } }), readers);
    expect(outcome.fields).to.equal(null);
    expect(outcome.warnings[0]).to.contain("larger");
  });

  it("warns of fields that could not be read", () => {
    const output = { text: "", tooLarge: false, fault: "it is a link, which is not followed" };
    const { fields, warnings } = outcomeOfStep(aTask(1), anEnd({ output }), readers);
    expect(fields).to.equal(null);
    expect(warnings).to.deep.equal([
      "The fields in $MAXQ_OUTPUT were not stored: it is a link, which is not followed. Write them to the file itself.",
    ]);
  });

  it("says how it failed, with the end of stderr", () => {
    const { problem, exitCode } = outcomeOfStep(aTask(1), exit3, readers);
    expect(exitCode).to.equal(3);
    expect(problem?.code).to.equal("STEP_FAILED");
    expect(problem?.message).to.contain('"s1" exited with code 3');
    expect(problem?.details).to.deep.include({ exitCode: 3, signal: null, stderr: "no such table\n" });
  });

  it("says it without the token of its script, also where the end of stderr begins within one", () => {
    const token = `mxt_${"aB3-_".repeat(16)}`;
    for (const more of [0, 1950, 2000, 2040, 2100]) {
      const stderr = captured(`${"x".repeat(3000)} ${token} ${"y".repeat(more)}`);
      const { problem, output } = outcomeOfStep(aTask(1), { ...exit3, stderr }, readers);
      expect(JSON.stringify(problem), String(more)).not.to.match(/aB3|B3-|3-_/);
      expect(output?.stderr, "what it printed is kept as it is").to.equal(stderr.text.slice(-100));
    }
  });

  it("names the limit that a timeout ran into", () => {
    const end = anEnd({ end: { reason: "signaled", signal: "SIGTERM" }, killedBy: "timeout" });
    const { problem } = outcomeOfStep(aTask(1, { timeoutMs: 50 }), end, readers);
    expect(problem?.code).to.equal("STEP_TIMEOUT");
    expect(problem?.message).to.contain("50 ms");
  });

  it("has no output when nothing was written", () => {
    expect(outcomeOfStep(aTask(1), anEnd(), readers).output).to.equal(null);
  });
});

describe("the outcome of a flow call", () => {
  const flow = aTask(1, { kind: "flow", id: "flow:1", name: "", stageName: "" });

  it("has the document of a call that exited with 0", async () => {
    const document: FlowDocument = { reason: "final", output: 1 };
    const outcome = await outcomeOfFlow(flow, anEnd(), { ...readers, readDocument: () => document });
    expect(outcome.document).to.equal(document);
  });

  it("has none when the call failed", async () => {
    const outcome = await outcomeOfFlow(flow, exit3, readers);
    expect(outcome.document).to.equal(null);
    expect(outcome.problem?.code).to.equal("FLOW_FAILED");
  });

  it("keeps the code of a flow.sh that could not be started", async () => {
    const end = anEnd({
      end: { reason: "not_started", code: "SCRIPT_NOT_EXECUTABLE", message: "Run chmod +x." },
    });
    const { problem } = await outcomeOfFlow(flow, end, readers);
    expect(problem?.code).to.equal("SCRIPT_NOT_EXECUTABLE");
    expect(problem?.message).to.contain("chmod");
  });

  it("stores the end of a stdout that is longer than the log cap, whole characters only", async () => {
    const { output } = await outcomeOfFlow(flow, anEnd({ stdout: captured("é".repeat(80)) }), {
      ...readers,
      logCapBytes: 101,
    });
    expect(output?.stdout).to.equal("é".repeat(50));
    expect(output).to.deep.include({ stdoutBytes: 160, stdoutTruncated: true });
  });
});
