import type { ScriptRunner } from "@maxq/core";
import type { AccessMode } from "@maxq/http";
import { existsSync } from "node:fs";
import { hostname } from "node:os";

/** Who may use the server, for people. */
export function describeAccess(mode: AccessMode["mode"]): string {
  switch (mode) {
    case "open":
      return "open to this user's processes on this host";
    case "key":
      return "with the key in MAXQ_API_KEY";
    case "generated":
      return `with a generated key, which \`${keyCommand()}\` prints`;
    case "none":
      return "open to everybody who reaches it (MAXQ_AUTH=none)";
    case "tokens":
      return "for scripts only";
  }
}

/** What prints the generated key, to be typed where the log is read: outside, if this is what a container runs, whose host name is then its id. */
function keyCommand(): string {
  const runByContainer = process.pid === 1 || process.ppid === 1;
  if (runByContainer && existsSync("/.dockerenv")) return `docker exec ${hostname()} maxq key`;
  if (runByContainer && existsSync("/run/.containerenv")) return `podman exec ${hostname()} maxq key`;
  return "maxq key";
}

/** What a server says when it is ready. */
export function startLine(facts: {
  readonly version: string;
  readonly url: string;
  readonly flowsRoot: string;
  readonly database: string;
  /** Null, both: others work. */
  readonly launcher: ScriptRunner["launcher"] | null;
  readonly containment: ScriptRunner["containment"] | null;
  readonly access: AccessMode["mode"];
}): string {
  const { version, url, flowsRoot, database, launcher, containment, access } = facts;
  const work = launcher === null ? "no worker here" : `${launcher} launcher, containment: ${containment}`;
  return `MaxQ ${version} serves ${url}/api/v1, ${describeAccess(access)}: flows in ${flowsRoot}, ${database}, ${work}`;
}
