import { resolve } from "node:path";
import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import { databaseOf } from "../compose/database.js";
import { settingsOrComplain } from "../settings/or-complain.js";
import { checkDataDir } from "./data-dir.js";
import { checkDatabase } from "./database.js";
import { checkDatabaseFile } from "./database-file.js";
import { formatFinding } from "./finding.js";
import { checkFlows } from "./flows.js";
import { checkLauncher } from "./launcher.js";
import { checkAccess, checkMetricsPort, checkPort } from "./network.js";
import { checkNode } from "./node.js";

/** `maxq doctor`: looks for what keeps MaxQ from working here; each problem comes with its cure. Changes nothing. */
export async function doctor(invocation: Invocation): Promise<number> {
  const settings = settingsOrComplain(invocation);
  if (settings === null) return exitCode.usage;
  const database = databaseOf(settings);
  const findings = [
    checkNode(),
    await checkDatabase(database),
    ...checkDatabaseFile(database),
    checkDataDir(resolve(settings.dataDir)),
    await checkLauncher(settings.launcher),
    await checkPort(settings),
    ...(await checkMetricsPort(settings)),
    await checkAccess(settings),
    ...(await checkFlows(resolve(settings.flowsRoot))),
  ];
  const problems = findings.filter(({ reason }) => reason === "problem").length;
  const code = problems === 0 ? exitCode.success : exitCode.failure;
  if (invocation.json) {
    invocation.out(JSON.stringify({ findings }));
    return code;
  }
  for (const finding of findings) invocation.out(formatFinding(finding));
  invocation.out(
    problems === 0 ? "No problems found." : `${problems} ${problems === 1 ? "problem" : "problems"} found.`,
  );
  return code;
}
