import type { z } from "zod";
import type { ErrorCode } from "./errors.js";
import { problem, type Problem } from "./problem.js";
import { shortKey } from "./short-key.js";

/** One complaint of zod. */
export type Issue = z.core.$ZodIssue;

const mostListed = 10;

/**
 * What zod found, as a problem: the first complaint in words, its path (`steps[3].env.PATH;x`) in `details.path`,
 * the first ten of several in `details.problems`. Values are named only by schemas that quote them.
 */
export function problemFromZod(error: z.ZodError, code: ErrorCode): Problem {
  const first = mainIssue(error);
  if (first === undefined) return problem(code, "The value does not fit its schema.");
  const more = error.issues.length - 1;
  const others =
    more === 0 ? "" : ` (${more} more ${more === 1 ? "problem" : "problems"} in \`details.problems\`)`;
  const listed = error.issues
    .slice(0, mostListed)
    .map((issue) => ({ path: pathOf(issue), message: sentence(issue) }));
  return problem(code, sentence(first) + others, {
    path: pathOf(first),
    ...(more === 0 ? {} : { problems: listed }),
  });
}

/** The complaint to tell first: a misspelt key rather than the absence of the key that was meant. */
export function mainIssue(error: z.ZodError): Issue | undefined {
  const near = error.issues.slice(0, mostListed);
  return (
    near.find((issue) => issue.code === "unrecognized_keys" && issue.message.includes("Did you mean")) ??
    near[0]
  );
}

/** Where the complaint points; of a single unknown key, the key itself. Empty: the whole value. */
export function pathOf(issue: Issue): string {
  const unknown = issue.code === "unrecognized_keys" ? issue.keys.slice(0, 1) : [];
  return formatPath([...issue.path, ...unknown]);
}

/** `["steps", 3, "env", "A"]` as `steps[3].env.A`; of each key at most 100 characters. */
export function formatPath(path: readonly PropertyKey[]): string {
  return path.reduce<string>((text, key) => {
    if (typeof key === "number") return `${text}[${key}]`;
    const shown = shortKey(String(key));
    return text === "" ? shown : `${text}.${shown}`;
  }, "");
}

function sentence(issue: Issue): string {
  const path = formatPath(issue.path);
  const subject = path === "" ? "The value" : `\`${path}\``;
  const text = `${subject} ${predicate(issue)}`;
  return /[.?!]$/.test(text) ? text : `${text}.`;
}

/** The complaint as the rest of a sentence that begins with the path. Schemas' own messages are such already. */
function predicate(issue: Issue): string {
  if (issue.code === "invalid_key") return issue.issues[0]?.message ?? "is not an allowed key";
  if (issue.message.endsWith("received undefined")) return "is missing";
  if (issue.code === "invalid_type" && issue.expected === "int") return "must be a whole number";
  if (issue.code === "invalid_type") return `must be ${article(issue.expected)}${received(issue.message)}`;
  if (issue.code === "too_small") return `must be ${bound(issue, "at least", issue.minimum)}`;
  if (issue.code === "too_big") return `must be ${bound(issue, "at most", issue.maximum)}`;
  if (issue.code === "invalid_value") return `must be ${alternatives(issue.values)}`;
  return issue.message.replace(/^Invalid input: /, "");
}

function article(expected: string): string {
  const word = expected === "record" ? "object" : expected;
  return /^[aeio]/.test(word) ? `an ${word}` : `a ${word}`;
}

function received(message: string): string {
  const what = /received ([A-Za-z]+)$/.exec(message)?.[1];
  return what === undefined ? "" : `, not ${what === "null" ? "null" : article(what)}`;
}

function bound(issue: { readonly origin: string }, word: string, limit: number | bigint): string {
  if (issue.origin === "string") return `${word} ${limit} ${limit === 1 ? "character" : "characters"} long`;
  if (issue.origin === "array") return `${word} ${limit} long`;
  return `${word} ${limit}`;
}

function alternatives(values: readonly unknown[]): string {
  const texts = values.map((value) => JSON.stringify(value));
  return texts.length === 1 ? String(texts[0]) : `one of ${texts.join(", ")}`;
}
