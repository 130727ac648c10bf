import { expect } from "chai";
import { defaultLimits, isFinalDocument, planStage, readStageDocument } from "@maxq/core";

function hash(value: unknown): string {
  const read = readStageDocument(value, defaultLimits);
  if (!read.ok || isFinalDocument(read.document)) throw new Error("not a stage");
  const planned = planStage(read.document, defaultLimits);
  if (!planned.ok) throw new Error(planned.problem.message);
  return planned.plan.hash;
}

const plain = {
  stage: "s",
  steps: [{ name: "a" }, { name: "b", dependsOn: ["a"], env: { A: "1", B: "2" } }],
};

describe("the hash of a stage", () => {
  it("is the same whether defaults are spelled out or left out", () => {
    const spelled = {
      final: false,
      failFast: true,
      recover: false,
      steps: [
        {
          maxRetries: 0,
          instances: 1,
          name: "a",
          env: {},
          dependsOn: [],
          retryDelayMs: 0,
          retryBackoff: "fixed",
          onLost: "retry",
          allowFailure: false,
        },
        { env: { B: "2", A: "1" }, dependsOn: ["a", "a"], name: "b" },
      ],
      stage: "s",
    };
    expect(hash(spelled)).to.equal(hash(plain));
  });

  it("differs where the stages do", () => {
    const others: object[] = [
      { ...plain, stage: "t" },
      { ...plain, final: true },
      { ...plain, final: true, output: null },
      { ...plain, final: true, output: { a: 1 } },
      { ...plain, maxParallel: 1 },
      { ...plain, steps: plain.steps.slice(0, 1) },
      { ...plain, steps: [{ name: "a", priority: 0 }, plain.steps[1]] },
      { ...plain, steps: [{ name: "a", id: "a" }, plain.steps[1]] },
    ];
    const hashes = [plain, ...others].map(hash);
    expect(new Set(hashes).size).to.equal(hashes.length);
  });

  it("does not depend on the order of keys in the output", () => {
    const output = (value: unknown): string => hash({ ...plain, final: true, output: value });
    expect(output({ a: 1, b: { c: 2, d: [1, 2] } })).to.equal(output({ b: { d: [1, 2], c: 2 }, a: 1 }));
    expect(output({ d: [1, 2] })).not.to.equal(output({ d: [2, 1] }));
  });

  it("does not change from one version of MaxQ to the next", () => {
    expect(hash(plain)).to.equal("e0f12cbe8c4e7d3a3bcd5a7ab8ab165164b221fa2808e86c12f494fd60619555");
  });
});
