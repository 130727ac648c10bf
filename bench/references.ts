import { spawn } from "node:child_process";
import { createScriptRunner } from "@maxq/executor";
import { aFolder } from "@maxq/test-kit";
import { fileURLToPath } from "node:url";

const flows = fileURLToPath(new URL("flows", import.meta.url));

/** The variables that a step sees, so that a reference script starts with an environment of the same size. */
const stepEnvironment: Record<string, string> = {
  ...(Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("MAXQ_"))) as Record<
    string,
    string
  >),
  MAXQ_RUN_ID: "01a2007c-8f35-7b50-918f-8380cda702fc",
  MAXQ_FLOW_NAME: "fan-out",
  MAXQ_API: `http://127.0.0.1:3000/api/v1/as/${"x".repeat(80)}`,
  MAXQ_API_KEY: "x".repeat(80),
  MAXQ_STEP_ID: "work.noop.999",
  MAXQ_STEP_NAME: "noop",
  MAXQ_STAGE_NAME: "work",
  MAXQ_STAGE: "work",
  MAXQ_SEQUENCE: "999",
  MAXQ_ATTEMPT: "1",
  MAXQ_INPUT: "/tmp/maxq/inputs/01a2007c-8f35-7b50-918f-8380cda702fc.json",
  MAXQ_OUTPUT: "/tmp/maxq/outputs/12345.1",
};

/** `xargs -P10` over the same script as often, with the same environment; ms. */
export function xargs(times: number): Promise<number> {
  const begin = performance.now();
  const script = `${flows}/fan-out/steps/noop/step.sh`;
  return new Promise((resolve, reject) => {
    const child = spawn("xargs", ["-P10", "-n1", script], {
      env: stepEnvironment,
      stdio: ["pipe", "ignore", "inherit"],
    });
    child.on("error", reject);
    child.on("close", () => resolve(performance.now() - begin));
    child.stdin.end(Array.from({ length: times }, (_, index) => `${index}\n`).join(""));
  });
}

/** The same script started by the launcher, one after the other and nothing else: mean ms a start. */
export async function bareLauncher(times: number): Promise<number> {
  const runner = await createScriptRunner({
    flowsRoot: flows,
    workDir: aFolder(),
    baseEnv: process.env,
    loadInput: () => Promise.resolve("{}"),
  });
  try {
    const begin = performance.now();
    for (let index = 0; index < times; index++) await runner.start(start(index)).ended;
    return (performance.now() - begin) / times;
  } finally {
    await runner.close();
  }
}

function start(index: number): Parameters<Awaited<ReturnType<typeof createScriptRunner>>["start"]>[0] {
  return {
    kind: "step",
    runId: stepEnvironment.MAXQ_RUN_ID!,
    flowName: "chain",
    attemptKey: `${index}.1`,
    attempt: 1,
    stepId: `c${index}`,
    stepName: "noop",
    stageName: "work",
    sequence: 0,
    completedStage: "",
    failedStage: "",
    env: {},
    api: stepEnvironment.MAXQ_API!,
    apiKey: stepEnvironment.MAXQ_API_KEY!,
    timeoutMs: null,
  };
}
