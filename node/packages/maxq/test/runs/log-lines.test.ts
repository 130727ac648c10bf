import type { StepDetail } from "@maxq/core";
import { expect } from "chai";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { Outlet } from "../../src/print/outlet.js";
import { LogLines } from "../../src/runs/log-lines.js";
import { stepLines } from "../../src/runs/step-lines.js";

const plain = (_: string, words: string): string => words;

describe("lines of a run's log", () => {
  const entry = { level: "info", entityType: "step" } as const;
  let stream: PassThrough;
  let lines: LogLines;

  beforeEach(() => {
    stream = new PassThrough();
    lines = new LogLines(new Outlet(stream as unknown as NodeJS.WriteStream), plain);
  });

  it("move no cursor, and each line of a message has its origin before it", async () => {
    const message = "m\u001b[2J\u001b]52;c;QQ==\u0007line1\r\na.s | forged\nlast\n";
    await lines.log({ ...entry, message, entityId: "a\u001b[31m\nb" });
    await lines.log({ ...entry, message: "done\u0000", entityId: null });
    stream.end();
    expect(await text(stream)).to.equal(
      "a b info # mline1\na b info # a.s | forged\na b info # last\ninfo # done\n",
    );
  });

  it("are whole in JSON", async () => {
    lines = new LogLines(new Outlet(stream as unknown as NodeJS.WriteStream), null);
    await lines.log({ ...entry, message: "a\u001b[31m\nb", entityId: null });
    stream.end();
    expect(JSON.parse(await text(stream))).to.include({ message: "a\u001b[31m\nb" });
  });
});

describe("the lines of a step", () => {
  it("show its error without control characters", () => {
    const step = { env: {}, dependsOn: [], attempts: [], stdout: "", stderr: "", name: "s", runId: "r" };
    const error = { code: "STEP_FAILED", message: "of \u001b[31mit\u0000\nnext" };
    const detail = { ...step, id: "a.s", stageName: "a", status: "failed", error } as unknown as StepDetail;
    expect(stepLines(detail, plain)).to.include("  error      of it next");
  });
});
