import { userInfo } from "node:os";
import type { ScriptStart } from "@maxq/core";

/** What of the server's environment scripts get to see. */
export interface EnvironmentRules {
  /** The server's own environment. */
  readonly baseEnv: Readonly<Record<string, string | undefined>>;
  /** Further names to keep from scripts. */
  readonly hideEnv: readonly string[];
  /** Whether `PG*` configures MaxQ's own database connection, and so is no business of scripts. */
  readonly hidePgEnv: boolean;
}

/** Paths that are made for one start. */
export interface ScriptPaths {
  readonly cwd: string;
  readonly input: string;
  readonly output: string;
}

/**
 * The environment that all scripts share, as `NAME=value`: the server's, less `MAXQ_*`, less `PG*` where asked, less
 * the hidden names. HOME and SHELL are always there: bash looks them up in the user database otherwise, which costs
 * 4–7 % of a short step. PWD and OLDPWD are the server's own and would be wrong.
 */
export function sharedEnvironment(rules: EnvironmentRules): string[] {
  const hidden = new Set([...rules.hideEnv, "PWD", "OLDPWD"]);
  const shared = new Map<string, string>();
  for (const [name, value] of Object.entries({ ...account(), ...rules.baseEnv })) {
    if (value === undefined || hidden.has(name) || name.startsWith("MAXQ_")) continue;
    if (rules.hidePgEnv && name.startsWith("PG")) continue;
    shared.set(name, value);
  }
  return [...shared].map(([name, value]) => `${name}=${value}`);
}

/** A script's own variables, which win over the shared ones: `NAME=value`, each ended by NUL. */
export function ownEnvironment(script: ScriptStart, paths: ScriptPaths): string {
  const common =
    `MAXQ_RUN_ID=${script.runId}\0MAXQ_FLOW_NAME=${script.flowName}\0MAXQ_API=${script.api}\0` +
    `MAXQ_API_KEY=${script.apiKey}\0MAXQ_ATTEMPT=${script.attempt}\0MAXQ_INPUT=${paths.input}\0` +
    `MAXQ_OUTPUT=${paths.output}\0PWD=${paths.cwd}\0`;
  if (script.kind === "flow") {
    return `${common}MAXQ_COMPLETED_STAGE=${script.completedStage}\0MAXQ_FAILED_STAGE=${script.failedStage}\0`;
  }
  let own =
    `${common}MAXQ_STEP_ID=${script.stepId}\0MAXQ_STEP_NAME=${script.stepName}\0` +
    `MAXQ_STAGE_NAME=${script.stageName}\0MAXQ_STAGE=${script.stageName}\0MAXQ_SEQUENCE=${script.sequence}\0`;
  for (const name in script.env) own += `${name}=${script.env[name]!}\0`;
  return own;
}

function account(): Record<string, string> {
  try {
    const { homedir, shell } = userInfo();
    return { HOME: homedir, SHELL: shell ?? "/bin/sh" };
  } catch {
    return { HOME: "/", SHELL: "/bin/sh" }; // a user id without an entry, as containers have it
  }
}
