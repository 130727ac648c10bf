import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createScriptRunner, nativeLauncherPath, ownerMark } from "@maxq/executor";
import { ownIdentity } from "@maxq/scheduler";
import type { Settings } from "../settings/settings.js";
import { bad, good, warning, type Finding } from "./finding.js";

const subject = "Launcher";

/** Starts a launcher as a server would, and says which it is and how far it contains scripts. */
export async function checkLauncher(choice: Settings["launcher"]): Promise<Finding> {
  const workDir = mkdtempSync(join(tmpdir(), "maxq-doctor-"));
  try {
    const loadInput = (): Promise<string> => Promise.resolve("null");
    const runner = await createScriptRunner({
      flowsRoot: workDir,
      workDir,
      mark: ownerMark(ownIdentity()),
      baseEnv: {},
      launcher: choice,
      loadInput,
    });
    const { launcher, containment } = runner;
    await runner.close();
    if (launcher === "native") {
      return good(
        subject,
        containment === "cgroup"
          ? "native: a cgroup contains what scripts start (containment: cgroup); CPU time and memory are measured"
          : `native: sub-reaper and sweep contain what scripts start (containment: ${containment}, for no cgroup v2 can be written to here); CPU time and memory are measured`,
      );
    }
    const cure = choice === "node" ? "Unset MAXQ_LAUNCHER to use the native one." : howToCompile();
    return warning(
      subject,
      "node: processes that leave their process group outlive their script; nothing is measured",
      cure,
    );
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return bad(subject, `none works: ${why}`, `${howToCompile()} Or unset MAXQ_LAUNCHER.`);
  } finally {
    rmSync(workDir, { recursive: true, force: true });
  }
}

/** An installed package brings the source with the script that compiles it, a checkout builds all. */
function howToCompile(): string {
  const inPackage = join(dirname(nativeLauncherPath()), "..", "scripts", "build-launcher.sh");
  const script = existsSync(inPackage) ? inPackage : "./scripts/build.sh";
  return `On Linux install a C compiler (cc) and run ${script} once.`;
}
