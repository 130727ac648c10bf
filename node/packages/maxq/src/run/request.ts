import type { SettingName } from "../settings/settings.js";

/** Settings whose flags `maxq run` has for a run in this process: a server has its own. */
export const settingsHere = [
  "flowsRoot",
  "maxConcurrentSteps",
  "maxLogCapture",
  "abortGraceMs",
  "logLevel",
] as const satisfies readonly SettingName[];

/** What `maxq run` is asked to do. */
export interface RunRequest {
  /** A flow's name; without a server also a path to its directory. */
  readonly flow: string;
  /** JSON, or `@file`, or `@-`. */
  readonly input?: string | undefined;
  /** On a server: watch it to its end. In this process that is always so. */
  readonly watch?: boolean | undefined;
  readonly showOutput?: boolean | undefined;
  /** Of the run, in ms. */
  readonly timeout?: number | undefined;
  /** Display name. */
  readonly name?: string | undefined;
}
