/**
 * An engine to be stopped: starts a script that leaves escapees, with a deadline, and says how it ended.
 * Arguments: launcher, root of a workshop, flow, file for pids, ms to the deadline from when the script is up.
 */
import { join } from "node:path";
import { createScriptRunner, type LauncherChoice } from "../src/index.js";
import { aStep } from "./start.js";

const [launcher = "auto", root = "", flowName = "", pids = "", deadlineMs = ""] = process.argv.slice(2);
const runner = await createScriptRunner({
  flowsRoot: join(root, "flows"),
  workDir: join(root, "work-of-engine"),
  baseEnv: { PATH: process.env["PATH"], EXECUTOR_TEST: root },
  loadInput: () => Promise.resolve("{}"),
  launcher: launcher as LauncherChoice,
});
const script = runner.start(aStep({ flowName, stepName: "leaves-escapees", env: { PIDS: pids } }));
script.follow((_stream, chunk) => {
  if (!chunk.toString().includes("ready")) return;
  runner.setDeadline(Number(deadlineMs));
  process.stdout.write("up\n");
});
process.stdout.write(`${JSON.stringify({ killedBy: (await script.ended).killedBy })}\n`);
await runner.close();
