import type { FlowDirectory, Limits, LiveOutput } from "@maxq/core";
import type { RetentionRules, Store } from "@maxq/db";
import type { Logger } from "pino";
import type { Access } from "../access/access.js";
import type { HttpInstruments, MetricsText } from "./instruments.js";
import type { FlowTitle } from "../routes/runs/flow-title.js";
import type { Route } from "../routes/route.js";
import type { FlowOfRun } from "../routes/steps/flow-of-run.js";
import type { RunChanges } from "../wait/run-changes.js";

/** What the app is given. */
export interface AppOptions {
  readonly store: Store;
  readonly flows: FlowDirectory;
  readonly limits: Limits;
  readonly access: Access;
  readonly logger: Logger;
  /** Output of scripts that run in this process; null in a process that runs none. */
  readonly liveOutput: LiveOutput | null;
  /** How long an aborted process has before SIGKILL; an abort is waited for two seconds longer. */
  readonly abortGraceMs: number;
  /** How long the reader of a stream may take nothing before it is cut off; default 30,000. */
  readonly readerPatienceMs?: number;
  /** Default: measures nothing. */
  readonly instruments?: HttpInstruments;
  /** For `GET /metrics`; null: this app answers none. */
  readonly metrics?: MetricsText | null;
  /** Default: all. */
  readonly routes?: readonly Route[];
  /** What goes where a request to prune does not say; null, or absent: retention is off. */
  readonly retention?: RetentionRules | null;
  /** MaxQ's version, for health and the OpenAPI document. */
  readonly version: string;
}

/** What every route can use. */
export interface Services extends AppOptions {
  readonly instruments: HttpInstruments;
  readonly changes: RunChanges;
  readonly flowTitle: FlowTitle;
  readonly flowOfRun: FlowOfRun;
  /** The OpenAPI document. */
  readonly openapi: () => object;
  /** Aborted when the server closes: whatever waits or streams ends. */
  readonly closing: AbortSignal;
}
