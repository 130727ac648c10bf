import type { z } from "zod";

/** What a setting is: where it comes from, what it accepts, what it means. */
export interface Setting<T, D extends string | null = string | null> {
  /** The heading that it stands under in the docs. */
  readonly group:
    "Server" | "Database" | "Access" | "Execution" | "Scheduling" | "Retention" | "Limits" | "Client";
  /** The first that is set wins. An empty one counts as unset. */
  readonly variables: readonly string[];
  /** In commander's notation; null: it has none, so that a secret never shows in a list of processes. */
  readonly flag: string | null;
  /** As text, read by the schema as if it had been given. Null: unset. */
  readonly default: D;
  readonly unit: "ms" | "bytes" | null;
  readonly schema: z.ZodType<T, string>;
  /** One line. */
  readonly meaning: string;
  /** Never printed, logged or repeated in a message. */
  readonly secret?: true;
  /** For MaxQ's own tests: in no documentation. */
  readonly internal?: true;
}

/** The entry as it is, with its types. */
export function setting<T, D extends string | null>(entry: Setting<T, D>): Setting<T, D> {
  return entry;
}
