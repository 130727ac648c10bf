import { defaultLimits, type FlowDirectory } from "@maxq/core";
import { expect } from "chai";
import { documentReader } from "../../src/task/read-document.js";
import { anEnd, aTask, captured } from "../fakes/builders.js";

describe("the document of a flow call", () => {
  it("is invalid where what it left at $MAXQ_OUTPUT cannot be read, whatever it printed", async () => {
    const read = documentReader({} as FlowDirectory, defaultLimits);
    const output = { text: "", tooLarge: false, fault: "it is no regular file" };
    const end = anEnd({ output, stdout: captured('{"stage": "s", "steps": [{"name": "a"}]}') });
    const document = await read(aTask(1, { kind: "flow", flowName: "demo" }), end);
    expect(document.reason).to.equal("invalid");
    const { problem } = document as Extract<typeof document, { reason: "invalid" }>;
    expect(problem.code).to.equal("INVALID_FLOW_OUTPUT");
    expect(problem.message).to.contain('flow.sh of "demo"').and.to.contain("it is no regular file");
  });
});
