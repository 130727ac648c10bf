import { expect } from "chai";
import type { z } from "zod";
import {
  artifactSchema,
  attemptSchema,
  flowSchema,
  problemSchema,
  runEventSchema,
  runLogSchema,
  runSchema,
  stageSchema,
  stepFieldsSchema,
  stepOutputSchema,
  stepSchema,
  workerSchema,
} from "@maxq/core";
import type * as core from "@maxq/core";

/** True if the schema takes every such entity and they have the same keys; the compiler refuses `true` otherwise. */
type Matches<Entity, Schema extends z.ZodType> = [Entity] extends [z.infer<Schema>]
  ? [keyof Entity] extends [keyof z.infer<Schema>]
    ? [keyof z.infer<Schema>] extends [keyof Entity]
      ? true
      : false
    : false
  : false;

const matches = {
  run: true satisfies Matches<core.Run, typeof runSchema>,
  stage: true satisfies Matches<core.Stage, typeof stageSchema>,
  step: true satisfies Matches<core.Step, typeof stepSchema>,
  attempt: true satisfies Matches<core.Attempt, typeof attemptSchema>,
  stepOutput: true satisfies Matches<core.StepOutput, typeof stepOutputSchema>,
  stepFields: true satisfies Matches<core.StepFields, typeof stepFieldsSchema>,
  artifact: true satisfies Matches<core.Artifact, typeof artifactSchema>,
  runLog: true satisfies Matches<core.RunLog, typeof runLogSchema>,
  runEvent: true satisfies Matches<core.RunEvent, typeof runEventSchema>,
  worker: true satisfies Matches<core.Worker, typeof workerSchema>,
  flow: true satisfies Matches<core.Flow, typeof flowSchema>,
  problem: true satisfies Matches<core.Problem, typeof problemSchema>,
};

describe("schemas of entities", () => {
  it("match their interfaces, which the compiler checks", () => {
    expect(Object.values(matches)).to.satisfy((all: boolean[]) => all.every(Boolean));
  });

  it("have names of their own in the API's description", () => {
    const schemas = [
      artifactSchema,
      attemptSchema,
      flowSchema,
      problemSchema,
      runEventSchema,
      runLogSchema,
      runSchema,
    ];
    const more = [stageSchema, stepFieldsSchema, stepOutputSchema, stepSchema, workerSchema];
    const names = [...schemas, ...more].map((schema) => schema.meta()?.id);
    expect(new Set(names).size).to.equal(12);
    expect(names).not.to.include(undefined);
  });

  it("keep values exactly", () => {
    const at = 1_767_225_600_000;
    for (const data of [0, false, "", null, [], { __proto__: null, a: 1 }]) {
      const artifact = { name: "a", runId: "r", data, version: 1, bytes: 1, createdAt: at, updatedAt: at };
      expect(artifactSchema.parse(artifact).data).to.equal(data);
    }
  });
});
