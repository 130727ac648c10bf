import type { KillReason, ProcessEnd } from "@maxq/core";
import type { Outcome } from "@maxq/db";
import { expect } from "chai";
import { resultOf } from "../../src/task/result.js";

const ends: Record<string, ProcessEnd> = {
  "exit 0": { reason: "exited", exitCode: 0 },
  "exit 3": { reason: "exited", exitCode: 3 },
  SIGKILL: { reason: "signaled", signal: "SIGKILL" },
  "not started": { reason: "not_started", code: "SCRIPT_NOT_FOUND", message: "missing" },
  "beyond the machine": { reason: "unable", message: "the disk is full" },
  withdrawn: { reason: "withdrawn" },
  lost: { reason: "lost", message: "launcher died" },
};

const table: Record<string, Record<string, Outcome["result"]>> = {
  nobody: {
    "exit 0": "success",
    "exit 3": "failure",
    SIGKILL: "failure",
    "not started": "failure",
    "beyond the machine": "handed_back",
    withdrawn: "handed_back",
    lost: "lost",
  },
  abort: {
    "exit 0": "aborted",
    "exit 3": "aborted",
    SIGKILL: "aborted",
    "not started": "aborted",
    "beyond the machine": "aborted",
    withdrawn: "aborted",
    lost: "aborted",
  },
  timeout: {
    "exit 0": "failure",
    "exit 3": "failure",
    SIGKILL: "failure",
    "not started": "failure",
    "beyond the machine": "failure",
    withdrawn: "failure",
    lost: "failure",
  },
  drain: {
    "exit 0": "success",
    "exit 3": "handed_back",
    SIGKILL: "handed_back",
    "not started": "handed_back",
    "beyond the machine": "handed_back",
    withdrawn: "handed_back",
    lost: "lost",
  },
  fence: {
    "exit 0": "success",
    "exit 3": "handed_back",
    SIGKILL: "handed_back",
    "not started": "handed_back",
    "beyond the machine": "handed_back",
    withdrawn: "handed_back",
    lost: "lost",
  },
};

describe("what an end means", () => {
  for (const [killer, row] of Object.entries(table)) {
    for (const [name, result] of Object.entries(row)) {
      it(`${name}, killed by ${killer}, is ${result}`, () => {
        const killedBy = killer === "nobody" ? null : (killer as KillReason);
        expect(resultOf({ end: ends[name]!, killedBy })).to.equal(result);
      });
    }
  }
});
