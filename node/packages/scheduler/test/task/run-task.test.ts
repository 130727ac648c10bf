import type { ScriptRunner } from "@maxq/core";
import type { ClaimedTask, Outcome } from "@maxq/db";
import { expect } from "chai";
import { holdTask } from "../../src/task/held-task.js";
import { runTask, type TaskPorts } from "../../src/task/run-task.js";
import { aTask } from "../fakes/builders.js";

/** The outcome of a task that the runner throws at. */
function outcomeOf(task: ClaimedTask): Promise<Outcome> {
  const start: ScriptRunner["start"] = () => {
    throw new Error("the disk is full");
  };
  const ports = {
    runner: { start } as unknown as ScriptRunner,
    issueAccess: () => ({ api: "", apiKey: "" }),
    readers: {
      readFields: () => ({ fields: {}, warnings: [] }),
      readDocument: () => ({ reason: "none" }),
      logCapBytes: 100,
    },
    steps: 1,
  } satisfies TaskPorts;
  return new Promise((resolve, reject) =>
    runTask(
      holdTask(task, 0, true),
      ports,
      (_held, outcome) => resolve(outcome),
      () => reject(new Error("it was withdrawn")),
    ),
  );
}

describe("a script that the runner does not take", () => {
  it("is a step that could not be started", async () => {
    const { kind, result, problem } = await outcomeOf(aTask(1));
    expect([kind, result, problem?.code]).to.deep.equal(["step", "failure", "SCRIPT_NOT_STARTED"]);
    expect(problem?.message).to.match(/^Step "s1" .*the disk is full/);
  });

  it("is a flow call that could not be started", async () => {
    const call = aTask(1, { kind: "flow", id: "flow:1", name: "", stageName: "" });
    const { kind, problem } = await outcomeOf(call);
    expect([kind, problem?.code]).to.deep.equal(["flow", "SCRIPT_NOT_STARTED"]);
    expect(problem?.message).to.match(/^flow\.sh .*the disk is full/);
  });
});
