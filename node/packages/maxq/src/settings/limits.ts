import { defaultLimits, limitSettings, type Limits } from "@maxq/core";
import type { z } from "zod";
import { setting } from "./setting.js";
import { wholeNumber } from "./values.js";

const bytes = { unit: "bytes", flag: null, group: "Limits" } as const;
const count = { unit: null, flag: null, group: "Limits" } as const;

function limit(
  name: keyof Limits,
  most?: number,
): {
  variables: readonly string[];
  default: string;
  schema: z.ZodType<number, string>;
} {
  return {
    variables: [limitSettings[name]],
    default: String(defaultLimits[name]),
    schema: wholeNumber(1, most),
  };
}

/** How large what requests and scripts bring may be. */
export const bodyLimitSettings = {
  bodyBytes: setting({
    ...bytes,
    // What flow.sh prints is kept by the launcher, as a step's output is: see MAXQ_MAX_LOG_CAPTURE.
    ...limit("bodyBytes", 1024 ** 3),
    meaning: "A request's body, and what flow.sh prints, at most 1 GiB",
  }),
  fieldBytes: setting({ ...bytes, ...limit("fieldBytes"), meaning: "All fields of one step, as JSON" }),
  artifactBytes: setting({ ...bytes, ...limit("artifactBytes"), meaning: "One artifact, as JSON" }),
  logBytes: setting({
    ...bytes,
    ...limit("logBytes"),
    meaning: "One log entry: its message, and its metadata as JSON",
  }),
  metadataKeys: setting({
    ...count,
    ...limit("metadataKeys"),
    meaning: "Keys of one run's metadata: each is a row, by which runs are found",
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
    // What is nested more than two thousand levels deep cannot be handed from one thread to another.
    ...limit("jsonDepth", 1_000),
    meaning: "How deep arrays and objects may be nested, at most 1000",
  }),
  jsonValues: setting({
    ...count,
    ...limit("jsonValues"),
    meaning: "Values of one JSON document: those inside others, and keys, are counted",
  }),
} as const;
