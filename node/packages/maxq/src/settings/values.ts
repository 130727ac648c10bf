import { hasSslMode, isPostgresUrl } from "@maxq/core";
import * as z from "zod";
import type { CrashAt } from "../crash/crash.js";
import { crashPoints } from "../crash/points.js";

/** Schemas that read one setting from text. Their messages end the sentence "MAXQ_X is … , but". */

/** A whole number, ends included. */
export function wholeNumber(
  least: number,
  most: number = Number.MAX_SAFE_INTEGER,
): z.ZodType<number, string> {
  const range = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
  return z.string().transform((text, context) => {
    const number = /^\d{1,16}$/.test(text.trim()) ? Number(text) : NaN;
    if (number >= least && number <= most) return number;
    context.addIssue({ code: "custom", message: `it must be a whole number ${range}` });
    return z.NEVER;
  });
}

/** One of several words, in any case. */
export function oneOf<const W extends string>(...words: readonly W[]): z.ZodType<W, string> {
  return z.string().transform((text, context) => {
    const found = words.find((word) => word === text.trim().toLowerCase());
    if (found !== undefined) return found;
    context.addIssue({ code: "custom", message: `it must be one of ${words.join(", ")}` });
    return z.NEVER;
  });
}

/** Names of variables, separated by commas or spaces. */
export const variableNames: z.ZodType<readonly string[], string> = z.string().transform((text, context) => {
  const names = text.split(/[\s,]+/).filter((name) => name !== "");
  const wrong = names.find((name) => !/^[A-Za-z_][A-Za-z0-9_]*$/.test(name));
  if (wrong === undefined) return names;
  context.addIssue({
    code: "custom",
    message: `it must list names of variables, separated by commas; ${wrong} is none`,
  });
  return z.NEVER;
});

/** A PostgreSQL connection string. Its message never repeats it: it may hold a password. */
export const postgresUrl: z.ZodType<string, string> = z
  .string()
  .refine(
    isPostgresUrl,
    "it must look like postgresql://user:password@host:5432/database, the password percent-encoded (@ is %40, / is %2F)",
  )
  .refine(
    (text) => !isPostgresUrl(text) || hasSslMode(text),
    "its sslmode must be disable, verify-full (require and verify-ca are taken as that) or no-verify",
  );

/** Where a server is. With or without `/api/v1`; a script's MAXQ_API does, too. Its messages never repeat it: it may hold a token. */
export const httpUrl: z.ZodType<string, string> = z
  .string()
  .refine(
    (text) => /^https?:\/\//.test(text) && URL.canParse(text),
    "it must look like http://127.0.0.1:3000",
  )
  .refine(
    (text) => !URL.canParse(text) || new URL(text).username + new URL(text).password === "",
    "it may hold neither user nor password: the key is given as MAXQ_API_KEY",
  );

/** A host name or an address to listen on. */
export const hostName: z.ZodType<string, string> = z
  .string()
  .regex(
    /^[A-Za-z0-9_.:%-]+$/,
    "it must be a host name or an address, such as 127.0.0.1, ::1 or 0.0.0.0, without a port",
  );

/** Any path; relative ones are meant from where the command was started. */
export const path: z.ZodType<string, string> = z
  .string()
  .min(1, "it must be a path")
  .refine((text) => !text.includes("\0"), "it must be a path, without NUL");

/** A key: no white space, because it travels in a header. */
export const key: z.ZodType<string, string> = z
  .string()
  .regex(/^[\x21-\x7e]+$/, "it must be made of printable ASCII characters without spaces");

const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Reads a duration, `90s` or `2h`, as ms; null for anything else. */
export function readDuration(text: string): number | null {
  const [, number, unit] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text.trim()) ?? [];
  if (number === undefined || Number(number) === 0) return null;
  return Number(number) * units[unit as keyof typeof units];
}

/** A duration, as ms. */
export const duration: z.ZodType<number, string> = z.string().transform((text, context) => {
  const ms = readDuration(text);
  if (ms !== null) return ms;
  context.addIssue({ code: "custom", message: "it must be a number and a unit: 90s, 15m, 2h or 30d" });
  return z.NEVER;
});

/** A crash point of MaxQ's own tests: `after_claim`, or `after_claim:/path/of/a/file`. */
export const crashPoint: z.ZodType<CrashAt, string> = z.string().transform((text, context) => {
  const [, name, file] = /^([a-z_]+)(?::(.+))?$/s.exec(text) ?? [];
  const point = crashPoints.find((each) => each === name);
  if (point !== undefined) return { point, armedBy: file ?? null };
  context.addIssue({ code: "custom", message: `it must be one of ${crashPoints.join(", ")}` });
  return z.NEVER;
});
