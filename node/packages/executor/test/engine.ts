/** An engine to be killed: starts a script and waits. Arguments: launcher, root of a workshop, flow, file for pids. */
import { execFileSync } from "node:child_process";
import { writeFileSync, readFileSync, existsSync } from "node:fs";
import { join } from "node:path";
import { createScriptRunner, type LauncherChoice } from "../src/index.js";
import { launcherPid, until } from "./processes.js";
import { aStep } from "./start.js";

const [launcher = "auto", root = "", flowName = "", pids = ""] = process.argv.slice(2);
const runner = await createScriptRunner({
  flowsRoot: join(root, "flows"),
  workDir: join(root, "work-of-engine"),
  baseEnv: { PATH: process.env["PATH"], EXECUTOR_TEST: root },
  loadInput: () => Promise.resolve("{}"),
  launcher: launcher as LauncherChoice,
});
const all = [launcherPid(runner.launcher)];
if (runner.launcher === "native") {
  execFileSync("mkfifo", [`${pids}.go`]);
  runner.start(aStep({ flowName, stepName: "escapes", env: { PIDS: `${pids}.escaped`, GO: `${pids}.go` } }));
}
runner.start(aStep({ flowName, stepName: "forever" })).follow((_stream, chunk) => {
  if (chunk.toString().includes("ready")) void tell();
});

async function tell(): Promise<void> {
  if (runner.launcher === "native") {
    await until("escaped", () => existsSync(`${pids}.escaped`));
    all.push(...readFileSync(`${pids}.escaped`, "utf8").trim().split(/\s+/).map(Number));
  }
  writeFileSync(pids, `${all.join(" ")}\n`);
}
