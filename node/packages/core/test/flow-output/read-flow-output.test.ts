import { expect } from "chai";
import { defaultLimits, readFlowOutput, type FlowDocument, type Problem } from "@maxq/core";
import { flowsWith, hasNone } from "../flows-stub.js";

const read = (text: string): Promise<FlowDocument> =>
  readFlowOutput(flowsWith("a"), "f", text, defaultLimits, hasNone);

async function refusal(text: string): Promise<Problem> {
  const found = await read(text);
  if (found.reason !== "invalid") throw new Error(`was ${found.reason}`);
  return found.problem;
}

describe("what a flow call asks for", () => {
  it("is nothing, a stage, or the end", async () => {
    expect((await read("log\n")).reason).to.equal("none");
    expect((await read('log\n{"stage":"s","steps":[{"name":"a"}]}\n')).reason).to.equal("stage");
    expect(await read('{"final":true,"output":0}')).to.deep.equal({ reason: "final", output: 0 });
  });

  it("may come after a byte order mark, which no column counts", async () => {
    expect(await read('\ufeff{"final":true,"output":0}')).to.deep.equal({ reason: "final", output: 0 });
    expect((await read('\ufefflog\n{"stage":"s","steps":[{"name":"a"}]}\n')).reason).to.equal("stage");
    expect((await refusal('\ufeff{"final":true')).details).to.include({ line: 1, column: 14 });
  });

  it("is invalid output if the document has the wrong shape, with the cause and both places", async () => {
    const problem = await refusal('log\n{"stage":"s","steps":[{"nam":"a"}]}');
    expect(problem.code).to.equal("INVALID_FLOW_OUTPUT");
    expect(problem.details).to.include({ cause: "INVALID_STAGE", path: "steps[0].nam", line: 2, column: 1 });
    expect(problem.message).to.include('Did you mean "name"?');
  });

  it("is invalid output where a document was meant, with the key that was", async () => {
    expect((await refusal('{"steps":[{"name":"a"}]}')).message).to.include("`stage` is missing");
    expect((await refusal('{"Stage":"s","steps":[]}')).message).to.include('Did you mean "stage"?');
    expect((await refusal('{"fianl":true}')).message).to.include('Did you mean "final"?');
  });

  it("is invalid without showing the token of its script, wherever the excerpt is cut", async () => {
    const token = `mxt_${"aB3-_".repeat(16)}`;
    for (const before of [0, 30, 60, 90]) {
      const text = `{"stage":"s","url":"http://h/${token}/x","text":"${"z".repeat(before)}" oops ${"z".repeat(200)}`;
      const shown = JSON.stringify(await refusal(text));
      expect(shown, String(before)).not.to.match(/aB3|B3-|3-_/);
    }
  });

  it("is refused, and not read, where it has more values than a document may", async () => {
    const limits = { ...defaultLimits, jsonValues: 8 };
    const found = await readFlowOutput(
      flowsWith("a"),
      "f",
      'log\n{"final":true,"output":[1,2,3,4,5]}',
      limits,
      hasNone,
    );
    const problem = found.reason === "invalid" ? found.problem : null;
    expect(problem).to.deep.include({ code: "LIMIT_EXCEEDED" });
    expect(problem?.details).to.include({ setting: "MAXQ_MAX_JSON_VALUES", line: 2, column: 1 });
  });

  it("keeps the code of what cannot be carried out", async () => {
    expect((await refusal('{"stage":"s","steps":[{"name":"b"}]}')).code).to.equal("SCRIPT_NOT_FOUND");
    expect((await refusal('{"stage":"s","steps":[{"name":"a","dependsOn":["a"]}]}')).code).to.equal(
      "DEPENDENCY_CYCLE",
    );
  });
});
