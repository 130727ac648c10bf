/** An engine to be killed, of an owner that a successor knows: starts a script that leaves escapees, prints the launcher's pid. Arguments: launcher, root, flow, file for pids, owner. */
import { join } from "node:path";
import { createScriptRunner, ownerMark, type LauncherChoice, type OwnerProcess } from "../../src/index.js";
import { launcherPid } from "../processes.js";
import { aStep } from "../start.js";

const [launcher = "auto", root = "", flowName = "", pids = "", owner = "", stepName = "leaves-escapees"] =
  process.argv.slice(2);
const runner = await createScriptRunner({
  flowsRoot: join(root, "flows"),
  workDir: join(root, "work-of-engine"),
  baseEnv: { PATH: process.env["PATH"], EXECUTOR_TEST: root },
  loadInput: () => Promise.resolve("{}"),
  launcher: launcher as LauncherChoice,
  mark: ownerMark(JSON.parse(owner) as OwnerProcess),
});
runner
  .start(aStep({ flowName, stepName, env: { PIDS: pids } }))
  .follow(() => process.stdout.write(`${launcherPid(runner.launcher)}\n`));
