import { defaultLimits, type FlowDirectory, type ScriptEnd } from "@maxq/core";
import { expect } from "chai";
import { documentReader } from "../../src/task/read-document.js";
import { anEnd, aTask, captured } from "../fakes/builders.js";

/** A call that left this at $MAXQ_OUTPUT, and printed a document. */
function left(text: string, tooLarge = false): ScriptEnd {
  return anEnd({ output: { text, tooLarge }, stdout: captured('{"final": true, "output": 1}') });
}

const flow = aTask(1, { kind: "flow", flowName: "demo" });

describe("the document of a flow call", () => {
  it("is invalid where $MAXQ_OUTPUT is not empty and holds none, whatever it printed", async () => {
    const read = documentReader({} as FlowDirectory, defaultLimits, () => Promise.resolve(false));
    for (const text of ["\nstarted=yes\n", '\n{"level":"info"}\n', "\nlog {\n"]) {
      const document = await read(flow, left(text));
      const { problem } = document as Extract<typeof document, { reason: "invalid" }>;
      expect(problem.code).to.equal("INVALID_FLOW_OUTPUT");
      expect(problem.message).to.contain('$MAXQ_OUTPUT of flow.sh of "demo" is not empty');
      expect(problem.message).to.contain("stdout is read only when it is empty");
      expect(problem.details).to.deep.equal({ line: 2, column: 1, excerpt: text.trim() });
    }
  });

  it("is what it printed where $MAXQ_OUTPUT holds nothing but white space", async () => {
    const read = documentReader({} as FlowDirectory, defaultLimits, () => Promise.resolve(false));
    for (const text of ["", " \n\t\r\n"])
      expect(await read(flow, left(text))).to.deep.equal({ reason: "final", output: 1 });
  });

  it("is too long where what is kept of $MAXQ_OUTPUT holds none", async () => {
    const read = documentReader({} as FlowDirectory, defaultLimits, () => Promise.resolve(false));
    for (const text of ["started=yes\n", "\n\n"])
      expect(await read(flow, left(text, true))).to.have.nested.property(
        "problem.details.setting",
        "MAXQ_MAX_BODY_BYTES",
      );
  });

  it("is invalid where what it left at $MAXQ_OUTPUT cannot be read, whatever it printed", async () => {
    const read = documentReader({} as FlowDirectory, defaultLimits, () => Promise.resolve(false));
    const output = { text: "", tooLarge: false, fault: "it is no regular file" };
    const end = anEnd({ output, stdout: captured('{"stage": "s", "steps": [{"name": "a"}]}') });
    const document = await read(flow, end);
    expect(document.reason).to.equal("invalid");
    const { problem } = document as Extract<typeof document, { reason: "invalid" }>;
    expect(problem.code).to.equal("INVALID_FLOW_OUTPUT");
    expect(problem.message).to.contain('flow.sh of "demo"').and.to.contain("it is no regular file");
  });
});
