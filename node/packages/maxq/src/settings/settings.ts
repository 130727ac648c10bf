import { defaultLimits, limitSettings, type Limits } from "@maxq/core";
import type { z } from "zod";
import { retentionSettings } from "./retention.js";
import { setting, type Setting } from "./setting.js";
import {
  crashPoint,
  hostName,
  httpUrl,
  key,
  oneOf,
  path,
  postgresUrl,
  variableNames,
  wholeNumber,
} from "./values.js";

const bytes = { unit: "bytes", flag: null, group: "Limits" } as const;
const count = { unit: null, flag: null, group: "Limits" } as const;

function limit(name: keyof Limits): {
  variables: readonly string[];
  default: string;
  schema: z.ZodType<number, string>;
} {
  return { variables: [limitSettings[name]], default: String(defaultLimits[name]), schema: wholeNumber(1) };
}

/** Every setting of MaxQ. `--help` and docs/configuration.md are made from this table. */
export const settings = {
  port: setting({
    group: "Server",
    variables: ["MAXQ_PORT", "MAXQ_SERVER_PORT"],
    flag: "-p, --port <number>",
    default: "3000",
    unit: null,
    schema: wholeNumber(0, 65_535),
    meaning: "Server port; 0 takes any that is free and logs it",
  }),
  host: setting({
    group: "Server",
    variables: ["MAXQ_HOST"],
    flag: "--host <address>",
    default: "127.0.0.1",
    unit: null,
    schema: hostName,
    meaning: "Address to listen on; on any but a loopback one, requests need a key",
  }),
  flowsRoot: setting({
    group: "Server",
    variables: ["MAXQ_FLOWS_ROOT"],
    flag: "-f, --flows <path>",
    default: "./flows",
    unit: null,
    schema: path,
    meaning: "Flows root directory",
  }),
  dataDir: setting({
    group: "Server",
    variables: ["MAXQ_DATA_DIR"],
    flag: "-d, --data-dir <path>",
    default: "./data",
    unit: null,
    schema: path,
    meaning: "Data directory: the SQLite database and this machine's working files",
  }),
  metricsPort: setting({
    group: "Server",
    variables: ["MAXQ_METRICS_PORT"],
    flag: null,
    default: null,
    unit: null,
    schema: wholeNumber(0, 65_535),
    meaning:
      "Port of a listener for metrics and health alone, which `maxq worker` has no other for; 0 takes any that is free and logs it; without it, none",
  }),
  metricsHost: setting({
    group: "Server",
    variables: ["MAXQ_METRICS_HOST"],
    flag: null,
    default: "127.0.0.1",
    unit: null,
    schema: hostName,
    meaning: "Address of that listener; on any but a loopback one, requests need the key",
  }),
  logLevel: setting({
    group: "Server",
    variables: ["LOG_LEVEL"],
    flag: "--log-level <level>",
    default: "info",
    unit: null,
    schema: oneOf("debug", "info", "warn", "error"),
    meaning: "Log level (debug, info, warn, error)",
  }),
  databaseUrl: setting({
    group: "Database",
    variables: ["MAXQ_DATABASE_URL"],
    flag: null,
    default: null,
    unit: null,
    schema: postgresUrl,
    meaning: "PostgreSQL (12 or newer) to keep everything in; without it, SQLite",
    secret: true,
  }),
  databaseUrlFile: setting({
    group: "Database",
    variables: ["MAXQ_DATABASE_URL_FILE"],
    flag: null,
    default: null,
    unit: null,
    schema: path,
    meaning: "File that holds the database URL, which so stays out of the environment",
  }),
  sqlitePath: setting({
    group: "Database",
    variables: ["MAXQ_SQLITE_PATH"],
    flag: null,
    default: null,
    unit: null,
    schema: path,
    meaning: "SQLite database, if there is no URL; without it, maxq.db in the data directory",
  }),
  auth: setting({
    group: "Access",
    variables: ["MAXQ_AUTH"],
    flag: null,
    default: "auto",
    unit: null,
    schema: oneOf("auto", "none"),
    meaning:
      "`none` opens the API to everybody who reaches it; `auto` asks for a key where it is not on loopback or a key is set",
  }),
  apiKey: setting({
    group: "Access",
    variables: ["MAXQ_API_KEY"],
    flag: null,
    default: null,
    unit: null,
    schema: key,
    meaning: "Key that requests must carry as `Authorization: Bearer …`",
    secret: true,
  }),
  apiKeyFile: setting({
    group: "Access",
    variables: ["MAXQ_API_KEY_FILE"],
    flag: null,
    default: null,
    unit: null,
    schema: path,
    meaning: "File that holds the key, which so stays out of the environment",
  }),
  hideEnv: setting({
    group: "Access",
    variables: ["MAXQ_HIDE_ENV"],
    flag: null,
    default: "",
    unit: null,
    schema: variableNames,
    meaning: "Variables to keep from scripts, separated by commas; MaxQ's own are kept from them always",
  }),
  maxConcurrentSteps: setting({
    group: "Execution",
    variables: ["MAXQ_MAX_CONCURRENT_STEPS"],
    flag: "--max-concurrent-steps <number>",
    default: "10",
    unit: null,
    schema: wholeNumber(1, 10_000),
    meaning: "Maximum concurrent step execution",
  }),
  maxConcurrentCalls: setting({
    group: "Execution",
    variables: ["MAXQ_MAX_CONCURRENT_CALLS"],
    flag: "--max-concurrent-calls <number>",
    default: "10",
    unit: null,
    schema: wholeNumber(1, 10_000),
    meaning: "Maximum concurrent calls of flow.sh, which have slots of their own",
  }),
  maxLogCapture: setting({
    group: "Execution",
    variables: ["MAXQ_MAX_LOG_CAPTURE"],
    flag: "--max-log-capture <number>",
    default: "8192",
    unit: "bytes",
    schema: wholeNumber(0, 1024 ** 3),
    meaning: "Maximum bytes of stdout/stderr to capture; the end is kept",
  }),
  abortGraceMs: setting({
    group: "Execution",
    variables: ["MAXQ_ABORT_GRACE_MS"],
    flag: "--abort-grace-ms <number>",
    default: "5000",
    unit: "ms",
    schema: wholeNumber(0, 3_600_000),
    meaning: "Grace period for aborting processes in milliseconds: from SIGTERM to SIGKILL",
  }),
  drainMs: setting({
    group: "Execution",
    variables: ["MAXQ_DRAIN_MS"],
    flag: "--drain-ms <number>",
    default: "8000",
    unit: "ms",
    schema: wholeNumber(0, 86_400_000),
    meaning: "How long running steps may go on after a stop signal before they are ended and handed back",
  }),
  launcher: setting({
    group: "Execution",
    variables: ["MAXQ_LAUNCHER"],
    flag: null,
    default: "auto",
    unit: null,
    schema: oneOf("auto", "native", "node"),
    meaning:
      "What starts scripts: `native` contains and measures more, `node` runs everywhere, `auto` takes the native one where it works",
  }),
  adopt: setting({
    group: "Execution",
    variables: ["MAXQ_ADOPT"],
    flag: null,
    default: "on",
    unit: null,
    schema: oneOf("on", "off"),
    meaning:
      "Whether running steps outlive a crash of their worker until its lease ends, for the next one in the same data directory to go on with; `off`: they end with it",
  }),
  schedulerIntervalMs: setting({
    group: "Scheduling",
    variables: ["MAXQ_SCHEDULER_INTERVAL_MS"],
    flag: "--scheduler-interval <number>",
    default: "200",
    unit: "ms",
    schema: wholeNumber(1, 3_600_000),
    meaning: "Scheduler polling interval in milliseconds, where nothing announces new work",
  }),
  schedulerBatchSize: setting({
    group: "Scheduling",
    variables: ["MAXQ_SCHEDULER_BATCH_SIZE"],
    flag: "--scheduler-batch-size <number>",
    default: null,
    unit: null,
    schema: wholeNumber(1, 10_000),
    meaning:
      "Steps per scheduler iteration: what one statement may claim; without it, all that run at a time and all that may be claimed ahead of them",
  }),
  leaseMs: setting({
    group: "Scheduling",
    variables: ["MAXQ_LEASE_MS"],
    flag: "--lease-ms <number>",
    default: "30000",
    unit: "ms",
    schema: wholeNumber(1000, 86_400_000),
    meaning:
      "How long a worker that is not heard of keeps its work: longer rides out longer outages, shorter finds dead workers sooner",
  }),
  ...retentionSettings,
  crashAt: setting({
    group: "Execution",
    variables: ["MAXQ_CRASH_AT"],
    flag: null,
    default: null,
    unit: null,
    schema: crashPoint,
    meaning: "Where the process kills itself: a crash point, and after a colon a file that must be there",
    internal: true,
  }),
  bodyBytes: setting({
    ...bytes,
    ...limit("bodyBytes"),
    meaning: "A request's body, and what flow.sh prints",
  }),
  fieldBytes: setting({ ...bytes, ...limit("fieldBytes"), meaning: "All fields of one step, as JSON" }),
  artifactBytes: setting({ ...bytes, ...limit("artifactBytes"), meaning: "One artifact, as JSON" }),
  logBytes: setting({
    ...bytes,
    ...limit("logBytes"),
    meaning: "One log entry: its message, and its metadata as JSON",
  }),
  envBytes: setting({ ...bytes, ...limit("envBytes"), meaning: "The `env` of one step" }),
  maxStepsPerStage: setting({
    ...count,
    ...limit("maxStepsPerStage"),
    meaning: "Steps of one stage, instances counted",
  }),
  maxInstances: setting({ ...count, ...limit("maxInstances"), meaning: "Instances of one entry of `steps`" }),
  maxDependencies: setting({
    ...count,
    ...limit("maxDependencies"),
    meaning: "Dependencies of one stage, counted per step",
  }),
  jsonDepth: setting({
    ...count,
    ...limit("jsonDepth"),
    meaning: "How deep arrays and objects may be nested",
  }),
  serverUrl: setting({
    group: "Client",
    variables: ["MAXQ_URL"],
    flag: "--server <url>",
    default: null,
    unit: null,
    schema: httpUrl,
    meaning: "Server that commands ask; without it, the one at the server port of this host",
  }),
} as const;

export type SettingName = keyof typeof settings;

type Value<S> = S extends Setting<infer T, infer D> ? (D extends null ? T | null : T) : never;

/** All settings, read. The two `…File` settings have been followed: `databaseUrl` and `apiKey` hold what the files said. */
export type Settings = { readonly [N in SettingName]: Value<(typeof settings)[N]> };

/** A rule between settings: `broken` answers what is wrong and what to do, null if nothing. */
export interface Rule {
  readonly meaning: string;
  readonly broken: (given: ReadonlySet<SettingName>, read: Partial<Settings>) => string | null;
}

/** `given` names the settings that were set, by a flag or a variable. */
export const rules: readonly Rule[] = [
  {
    meaning: "Of `MAXQ_DATABASE_URL` and `MAXQ_DATABASE_URL_FILE` only one may be set.",
    broken: (given) =>
      given.has("databaseUrl") && given.has("databaseUrlFile")
        ? "MAXQ_DATABASE_URL and MAXQ_DATABASE_URL_FILE are both set: unset one of them."
        : null,
  },
  {
    meaning: "Of `MAXQ_API_KEY` and `MAXQ_API_KEY_FILE` only one may be set.",
    broken: (given) =>
      given.has("apiKey") && given.has("apiKeyFile")
        ? "MAXQ_API_KEY and MAXQ_API_KEY_FILE are both set: unset one of them."
        : null,
  },
  {
    meaning: "`MAXQ_AUTH=none` excludes a key.",
    broken: (given, { auth }) =>
      auth === "none" && (given.has("apiKey") || given.has("apiKeyFile"))
        ? "MAXQ_AUTH=none opens the API to everybody, but a key is set as well: unset MAXQ_AUTH, or MAXQ_API_KEY and MAXQ_API_KEY_FILE."
        : null,
  },
];
