import type { ErrorCode } from "./errors.js";
import { problem, type Problem } from "./problem.js";

const MiB = 1024 * 1024;

/** Bounds on what is accepted. Each is a setting; a refusal names it. */
export interface Limits {
  /** Bytes of a request's body, and of a flow call's stdout or `$MAXQ_OUTPUT`. */
  readonly bodyBytes: number;
  /** Steps of one stage, instances counted. */
  readonly maxStepsPerStage: number;
  /** Instances of one entry of `steps`. */
  readonly maxInstances: number;
  /** Dependencies of one stage, counted per step; waiting for a whole name or id is one. */
  readonly maxDependencies: number;
  /** Bytes of one step's `env`: names, values, and two for each variable. */
  readonly envBytes: number;
  /** Bytes of all fields of one step, as JSON. */
  readonly fieldBytes: number;
  /** Bytes of one artifact, as JSON. */
  readonly artifactBytes: number;
  /** Keys of one run's metadata: each is a row, by which runs are found. */
  readonly metadataKeys: number;
  /** Bytes of one log entry: its message, and its metadata as JSON. */
  readonly logBytes: number;
  /** How deep arrays and objects may be nested. */
  readonly jsonDepth: number;
  /**
   * Values of one JSON document, with those inside others, and keys counted: what is made of them takes ten and more times the bytes that they came in. The default
   * is above what a stage of 100,000 steps with a million dependencies has.
   */
  readonly jsonValues: number;
}

/** The limits that hold where nothing is configured. */
export const defaultLimits: Limits = {
  bodyBytes: 16 * MiB,
  maxStepsPerStage: 100_000,
  maxInstances: 100_000,
  maxDependencies: 1_000_000,
  envBytes: 128 * 1024,
  fieldBytes: MiB,
  artifactBytes: 10 * MiB,
  metadataKeys: 1_000,
  logBytes: 64 * 1024,
  jsonDepth: 64,
  jsonValues: 2_500_000,
};

/** The variable that sets each limit. */
export const limitSettings: Readonly<Record<keyof Limits, string>> = {
  bodyBytes: "MAXQ_MAX_BODY_BYTES",
  maxStepsPerStage: "MAXQ_MAX_STEPS_PER_STAGE",
  maxInstances: "MAXQ_MAX_INSTANCES",
  maxDependencies: "MAXQ_MAX_DEPENDENCIES",
  envBytes: "MAXQ_MAX_ENV_BYTES",
  fieldBytes: "MAXQ_MAX_FIELD_BYTES",
  artifactBytes: "MAXQ_MAX_ARTIFACT_BYTES",
  metadataKeys: "MAXQ_MAX_METADATA_KEYS",
  logBytes: "MAXQ_MAX_LOG_BYTES",
  jsonDepth: "MAXQ_MAX_JSON_DEPTH",
  jsonValues: "MAXQ_MAX_JSON_VALUES",
};

const units: Readonly<Record<keyof Limits, string>> = {
  bodyBytes: "bytes",
  maxStepsPerStage: "steps",
  maxInstances: "instances",
  maxDependencies: "dependencies",
  envBytes: "bytes",
  fieldBytes: "bytes",
  artifactBytes: "bytes",
  metadataKeys: "keys",
  logBytes: "bytes",
  jsonDepth: "levels",
  jsonValues: "values",
};

const tooLarge = new Set<keyof Limits>(["bodyBytes", "fieldBytes", "artifactBytes", "logBytes"]);

/**
 * The refusal of something over a limit: PAYLOAD_TOO_LARGE for bodies and values, LIMIT_EXCEEDED for counts.
 * `what` begins the sentence (`The stage`); `actual` is left out where it is not known; `path` leads to the value.
 */
export function overLimit(
  limits: Limits,
  name: keyof Limits,
  what: string,
  actual?: number,
  path?: string,
): Problem {
  const code: ErrorCode = tooLarge.has(name) ? "PAYLOAD_TOO_LARGE" : "LIMIT_EXCEEDED";
  const most = `at most ${limits[name]} are allowed (${limitSettings[name]})`;
  const has = actual === undefined ? `has too many ${units[name]}` : `has ${actual} ${units[name]}`;
  return problem(code, `${what} ${has}; ${most}. Send less, or raise the setting.`, {
    setting: limitSettings[name],
    limit: limits[name],
    ...(actual === undefined ? {} : { actual }),
    ...(path === undefined ? {} : { path }),
  });
}
