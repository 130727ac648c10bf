import { expect } from "chai";
import { defaultLimits, readStageDocument, type Limits, type Problem } from "@maxq/core";

const step = { name: "x" };

function refusal(value: unknown, limits: Limits = defaultLimits): Problem {
  const read = readStageDocument(value, limits);
  if (read.ok) throw new Error("was not refused");
  return read.problem;
}

/** Code and path of the refusal of a stage with this one step. */
function refusedStep(entry: object): [string, unknown] {
  const { code, details } = refusal({ stage: "s", steps: [{ ...step, ...entry }] });
  return [code, details?.path];
}

describe("a stage document", () => {
  it("may have every key of both dialects", () => {
    const document = {
      stage: "s",
      final: true,
      failFast: false,
      recover: true,
      maxParallel: 4,
      output: null,
      steps: [
        {
          id: "a-0",
          name: "a",
          instances: 2,
          dependsOn: ["b"],
          env: { SHARD: "0", EMPTY: "" },
          maxRetries: 3,
          timeoutMs: 1000,
          retryDelayMs: 10,
          retryBackoff: "exponential",
          priority: -5,
          onLost: "fail",
          allowFailure: true,
        },
      ],
    };
    expect(readStageDocument(document, defaultLimits)).to.deep.equal({ ok: true, document });
  });

  it("may have no steps", () => {
    expect(readStageDocument({ stage: "s", steps: [] }, defaultLimits).ok).to.equal(true);
  });

  it("may be final alone, with or without output", () => {
    for (const document of [{ final: true }, { final: true, output: null }, { final: true, output: [0] }])
      expect(readStageDocument(document, defaultLimits)).to.deep.equal({ ok: true, document });
  });

  it("is an object", () => {
    for (const value of [null, 1, "x", [], undefined]) expect(refusal(value).code).to.equal("INVALID_STAGE");
  });

  it("has a stage and steps", () => {
    expect(refusal({ steps: [] })).to.deep.include({ code: "INVALID_STAGE", message: "`stage` is missing." });
    expect(refusal({ stage: "s" }).details).to.include({ path: "steps" });
    expect(refusal({}).code).to.equal("INVALID_STAGE");
    expect(refusal({ final: false }).code).to.equal("INVALID_STAGE");
  });

  it("has no unknown keys; the one that was meant is suggested", () => {
    const unknown = refusal({ stage: "s", steps: [{ ...step, depends_on: [] }] });
    expect(unknown.message).to.include('Did you mean "dependsOn"?');
    expect(unknown.details).to.deep.equal({ path: "steps[0].depends_on" });
    expect(refusal({ stage: "s", step: [] }).message).to.include('Did you mean "steps"?');
    expect(refusal({ final: true, ouput: 1 }).message).to.include('Did you mean "output"?');
    expect(refusal({ stage: "s", steps: [{ ...step, colour: 1 }] }).message).not.to.include("Did you mean");
  });

  it("shows only the beginning of a long key that it does not know, wherever it stands", () => {
    const key = "k".repeat(1_000_000);
    const shown = `${"k".repeat(99)}…`;
    for (const [value, path] of [
      [{ stage: "s", steps: [], [key]: 1 }, shown],
      [{ stage: "s", steps: [{ ...step, [key]: 1 }] }, `steps[0].${shown}`],
      [{ stage: "s", steps: [{ ...step, env: { [`${key}-`]: "1" } }] }, `steps[0].env.${shown}`],
      [{ stage: "s", steps: [{ ...step, env: { [key]: 1 } }] }, `steps[0].env.${shown}`],
    ] as const) {
      const problem = refusal(value);
      expect(JSON.stringify(problem)).to.have.length.below(2000);
      expect(problem.message).to.include(shown);
      expect(JSON.stringify(problem.details)).to.include(JSON.stringify(path));
    }
  });

  it("has names without dots, slashes, spaces or NUL", () => {
    for (const name of ["a.b", "../x", "", "a b", "-a", "a\0", "é", "a\n", "x".repeat(129)]) {
      expect(refusedStep({ name })).to.deep.equal(["INVALID_NAME", "steps[0].name"]);
      expect(refusal({ stage: name, steps: [] })).to.deep.include({
        code: "INVALID_NAME",
        details: { path: "stage" },
      });
    }
    expect(refusedStep({ id: "a.b" })).to.deep.equal(["INVALID_NAME", "steps[0].id"]);
    expect(refusedStep({ id: 1 })).to.deep.equal(["INVALID_STAGE", "steps[0].id"]);
  });

  it("has env with names that are allowed, and texts", () => {
    for (const name of [
      "PATH;x",
      "1A",
      "",
      "A B",
      "BASH_FUNC_x%%",
      "MAXQ_API",
      "LD_PRELOAD",
      "BASH_ENV",
      "ENV",
    ])
      expect(refusedStep({ env: { [name]: "1" } })).to.deep.equal(["INVALID_ENV", `steps[0].env.${name}`]);
    expect(refusedStep({ env: { A: 1 } })).to.deep.equal(["INVALID_ENV", "steps[0].env.A"]);
    expect(refusedStep({ env: { A: "a\0" } })).to.deep.equal(["INVALID_ENV", "steps[0].env.A"]);
    expect(refusedStep({ env: JSON.parse('{"__proto__":"1"}') })[0]).to.equal("INVALID_ENV");
    expect(refusedStep({ env: { A: "x".repeat(200_000) } })[0]).to.equal("INVALID_ENV");
  });

  it("has numbers that are whole and in range", () => {
    const wrong = [
      { instances: 0 },
      { instances: 1.5 },
      { maxRetries: -1 },
      { timeoutMs: 0 },
      { priority: 2 ** 40 },
      { retryDelayMs: "1" },
    ];
    for (const entry of wrong) expect(refusedStep(entry)[0]).to.equal("INVALID_STAGE");
    expect(refusedStep({ instances: 0 })).to.deep.equal(["INVALID_STAGE", "steps[0].instances"]);
  });

  it("has output only with final", () => {
    expect(refusal({ stage: "s", steps: [], output: 1 }).details).to.include({ path: "output" });
  });

  it("stays within the limits, and the refusal names the setting", () => {
    const limits = { ...defaultLimits, maxStepsPerStage: 3, maxInstances: 2, envBytes: 10, jsonDepth: 4 };
    const over = (value: unknown): unknown => [
      refusal(value, limits).code,
      refusal(value, limits).details?.setting,
    ];
    expect(over({ stage: "s", steps: [step, step, step, step] })).to.deep.equal([
      "LIMIT_EXCEEDED",
      "MAXQ_MAX_STEPS_PER_STAGE",
    ]);
    expect(
      over({
        stage: "s",
        steps: [
          { ...step, instances: 2 },
          { ...step, instances: 2 },
        ],
      }),
    ).to.deep.equal(["LIMIT_EXCEEDED", "MAXQ_MAX_STEPS_PER_STAGE"]);
    expect(over({ stage: "s", steps: [{ ...step, instances: 3 }] })).to.deep.equal([
      "LIMIT_EXCEEDED",
      "MAXQ_MAX_INSTANCES",
    ]);
    expect(over({ stage: "s", steps: [{ ...step, env: { A: "1234567890" } }] })).to.deep.equal([
      "LIMIT_EXCEEDED",
      "MAXQ_MAX_ENV_BYTES",
    ]);
    expect(over({ final: true, output: [[[[1]]]] })).to.deep.equal(["LIMIT_EXCEEDED", "MAXQ_MAX_JSON_DEPTH"]);
  });
});
