/**
 * An engine that is stopped, as SIGSTOP from outside would, once it has set a deadline: starts a script that leaves escapees, and says how that ended when it goes on.
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
  process.kill(process.pid, "SIGSTOP");
});
process.stdout.write(`${JSON.stringify({ killedBy: (await script.ended).killedBy })}\n`);
await runner.close();
