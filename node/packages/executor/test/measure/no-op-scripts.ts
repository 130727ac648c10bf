/**
 * Measures what a start costs: no-op bash scripts, ten at a time, through a ScriptRunner and through `xargs -P10`,
 * interleaved. Run it with
 *   node --import tsx --conditions source node/packages/executor/test/measure/no-op-scripts.ts [native|node] [scripts] [rounds]
 */
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ScriptRunner } from "@maxq/core";
import { createScriptRunner, type LauncherChoice } from "../../src/index.js";
import { aStep } from "../start.js";

const PARALLEL = 10;

async function main(launcher: LauncherChoice, scripts: number, rounds: number): Promise<void> {
  const root = mkdtempSync(join(tmpdir(), "maxq-measure-"));
  const directory = join(root, "flows/no-op/steps/nothing");
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, "step.sh"), "#!/bin/bash\n:\n");
  chmodSync(join(directory, "step.sh"), 0o755);
  const runner = await createScriptRunner({
    flowsRoot: join(root, "flows"),
    workDir: join(root, "work"),
    baseEnv: process.env,
    loadInput: () => Promise.resolve("{}"),
    launcher,
  });
  try {
    await ours(runner, 200);
    const ratios: number[] = [];
    const cpu: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const theirs = withXargs(directory, scripts);
      const before = process.cpuUsage();
      const mine = await ours(runner, scripts);
      const used = process.cpuUsage(before);
      ratios.push(theirs / mine);
      cpu.push((used.user + used.system) / 1000 / scripts);
      report(
        `xargs ${theirs.toFixed(0)} ms, ${runner.launcher} ${mine.toFixed(0)} ms`,
        theirs / mine,
        cpu.at(-1)!,
      );
    }
    report("median", median(ratios), median(cpu));
  } finally {
    await runner.close();
    rmSync(root, { recursive: true });
  }
}

async function ours(runner: ScriptRunner, scripts: number): Promise<number> {
  const began = performance.now();
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let n = next++; n < scripts; n = next++) {
      const { end } = await runner.start(aStep({ flowName: "no-op", stepName: "nothing" })).ended;
      if (end.reason !== "exited") throw new Error(JSON.stringify(end));
    }
  };
  await Promise.all(Array.from({ length: PARALLEL }, lane));
  return performance.now() - began;
}

function withXargs(directory: string, scripts: number): number {
  const began = performance.now();
  spawnSync("xargs", ["-P", String(PARALLEL), "-n", "1", "./step.sh"], {
    cwd: directory,
    input: Array.from({ length: scripts }, (_, n) => `${n}\n`).join(""),
  });
  return performance.now() - began;
}

const median = (values: readonly number[]): number => [...values].sort((a, b) => a - b)[values.length >> 1]!;

function report(what: string, ratio: number, cpuMs: number): void {
  process.stdout.write(
    `${what}: ${ratio.toFixed(3)} × xargs, engine ${cpuMs.toFixed(3)} ms of CPU a script\n`,
  );
}

const [launcher = "native", scripts = "1000", rounds = "5"] = process.argv.slice(2);
await main(launcher as LauncherChoice, Number(scripts), Number(rounds));
