import { expect } from "chai";
import type { z } from "zod";
import {
  artifactBodySchema,
  fieldsBodySchema,
  logBodySchema,
  patchRunBodySchema,
  problemFromZod,
  runCreateBodySchema,
  triggerBodySchema,
} from "@maxq/core";

/** Path and message of the refusal. */
function refusal(schema: z.ZodType, value: unknown): [unknown, string] {
  const read = schema.safeParse(value);
  if (read.success) throw new Error("was not refused");
  const { code, message, details } = problemFromZod(read.error, "INVALID_REQUEST");
  expect(code).to.equal("INVALID_REQUEST");
  return [details?.path, message];
}

const accepts = (schema: z.ZodType, value: unknown): unknown =>
  expect(schema.parse(value)).to.deep.equal(value);

describe("the body of a trigger", () => {
  it("may be empty, and takes any input", () => {
    for (const body of [
      {},
      { input: null },
      { input: 0 },
      { input: "" },
      { input: { a: [1] }, metadata: { team: "x" } },
    ])
      accepts(triggerBodySchema, body);
    accepts(triggerBodySchema, { priority: -1, timeoutMs: 1, name: "Nightly", description: null });
  });

  it("names the flow where the path does not", () => {
    accepts(runCreateBodySchema, { flowName: "hello" });
    expect(refusal(runCreateBodySchema, {})).to.deep.equal(["flowName", "`flowName` is missing."]);
    expect(refusal(runCreateBodySchema, { flowName: "../x" })[0]).to.equal("flowName");
  });

  it("is refused with the path of what is wrong, and a suggestion", () => {
    expect(refusal(triggerBodySchema, { inputs: 1 })).to.deep.equal([
      "inputs",
      'The value has an unknown key "inputs". Did you mean "input"?',
    ]);
    expect(refusal(triggerBodySchema, { metadata: [] })).to.deep.equal([
      "metadata",
      "`metadata` must be an object.",
    ]);
    expect(refusal(triggerBodySchema, { timeoutMs: 0 })).to.deep.equal([
      "timeoutMs",
      "`timeoutMs` must be at least 1.",
    ]);
    expect(refusal(triggerBodySchema, { priority: 1.5 })).to.deep.equal([
      "priority",
      "`priority` must be a whole number.",
    ]);
    expect(refusal(triggerBodySchema, { name: "a\0b" })[0]).to.equal("name");
    expect(refusal(triggerBodySchema, [])).to.deep.equal(["", "The value must be an object, not an array."]);
  });

  it("tells several mistakes at once", () => {
    const read = triggerBodySchema.safeParse({ priority: 0.5, timeoutMs: -1 });
    expect(read.error && problemFromZod(read.error, "INVALID_REQUEST").details?.problems).to.have.length(2);
  });
});

describe("the body of what scripts post", () => {
  it("of fields is an object of any JSON", () => {
    accepts(fieldsBodySchema, { fields: { message: "Hello", timestamp: 1, none: null } });
    expect(refusal(fieldsBodySchema, {})).to.deep.equal(["fields", "`fields` is missing."]);
    expect(refusal(fieldsBodySchema, { fields: [1] })[0]).to.equal("fields");
    expect(refusal(fieldsBodySchema, { fields: { "": 1 } })[0]).to.equal("fields");
    const proto = JSON.parse('{"fields":{"__proto__":1}}') as { fields: object };
    expect(Object.keys(fieldsBodySchema.parse(proto).fields)).to.deep.equal(["__proto__"]);
  });

  it("of artifacts has a name that is safe in a path, and data", () => {
    for (const data of [null, 0, false, "", {}]) accepts(artifactBodySchema, { name: "chunk-0", data });
    expect(refusal(artifactBodySchema, { name: "data" })).to.deep.equal(["data", "`data` is missing."]);
    for (const name of ["..", "a/b", "", "a\0"])
      expect(refusal(artifactBodySchema, { name, data: 1 })[0]).to.equal("name");
  });

  it("of logs has a message", () => {
    accepts(logBodySchema, { message: "hi" });
    accepts(logBodySchema, {
      level: "warn",
      message: "hi",
      entityType: "step",
      entityId: "uuid",
      metadata: {},
    });
    expect(refusal(logBodySchema, { message: "" })[0]).to.equal("message");
    expect(refusal(logBodySchema, { message: "x", level: "warning" })[0]).to.equal("level");
  });

  it("of a patch may take a name away", () => {
    accepts(patchRunBodySchema, { name: null, output: 0 });
    expect(refusal(patchRunBodySchema, { status: "completed" })[0]).to.equal("status");
  });
});
