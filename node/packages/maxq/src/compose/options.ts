import type { Store } from "@maxq/db";
import type { FlowDirectory } from "@maxq/executor";
import type { AccessMode } from "@maxq/http";
import type { StopOptions } from "@maxq/scheduler";
import type { Logger } from "pino";
import { version } from "../command/version.js";
import type { Metrics } from "../metrics/metrics.js";
import type { Environment } from "../settings/read.js";
import type { Settings } from "../settings/settings.js";
import type { Database } from "./database.js";
import { limitsOf } from "./limits.js";
import { retentionOf } from "./retention.js";

/** What a process of MaxQ is made of. */
export interface EngineOptions {
  readonly settings: Settings;
  /** The process's own, for scripts to inherit from. */
  readonly environment: Environment;
  readonly database: Database;
  readonly mode: AccessMode;
  /**
   * What the process is to others, as `GET /workers` shows it: `server` answers HTTP, `worker` does not.
   * `run`: nobody else ever works on its database, so its scripts need not end with its lease: Ctrl-Z may take long.
   */
  readonly role: "server" | "worker" | "run";
  readonly logger: Logger;
  readonly metrics: Metrics;
}

/** How long requests may go on that are under way when a server stops, in ms; undefined: as usual. A second stop signal cuts them off. */
export function requestGraceMs({ drainMs, graceMs }: StopOptions): number | undefined {
  return drainMs <= 0 && graceMs <= 0 ? 0 : undefined;
}

/** What every app is made of, whoever may use it. */
export function appOptions({ settings, logger, metrics }: EngineOptions, store: Store, flows: FlowDirectory) {
  const { abortGraceMs } = settings;
  const retention = retentionOf(settings);
  return {
    ...{ store, flows, limits: limitsOf(settings), logger, abortGraceMs, retention, version },
    instruments: metrics.http,
  };
}
