import type { IncomingMessage } from "node:http";
import {
  hasHugeNumber,
  hasMoreValues,
  overLimit,
  problem,
  unfitJson,
  type Limits,
  type Problem,
} from "@maxq/core";
import { jsonFault } from "./json-fault.js";

/** A body that was read as JSON. */
export type JsonBody =
  | { readonly reason: "json"; readonly value: unknown }
  | { readonly reason: "refused"; readonly problem: Problem };

/** Reads bytes as JSON in UTF-8. An empty body counts as `{}`, because a request that needs nothing may say nothing. */
export function readJson(bytes: Buffer | undefined, limits: Limits): JsonBody {
  if (bytes === undefined || bytes.length === 0) return { reason: "json", value: {} };
  const text = decode(bytes);
  if (text === null) return refused("The body is not UTF-8. Send one JSON document in UTF-8.");
  if (hasMoreValues(text, limits.jsonValues))
    return { reason: "refused", problem: overLimit(limits, "jsonValues", "The body") };
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    const { position, line, column, found } = jsonFault(text);
    return refused(
      `The body is not JSON: at line ${line}, column ${column} ${found}. Send one JSON document.`,
      { position, line, column },
    );
  }
  const unfit = unfitJson(value, limits.jsonDepth);
  if (unfit === "depth") return { reason: "refused", problem: overLimit(limits, "jsonDepth", "The body") };
  if (unfit === "number") return refused(`The body ${hasHugeNumber}`);
  return { reason: "json", value };
}

/**
 * Whether the body's type is acceptable. Whoever shows a key or token is no page of the web, so its bodies are JSON whatever their type says;
 * of others `application/json` is asked, which a page cannot send elsewhere without being asked first.
 */
export function checkContentType(request: IncomingMessage, trusted: boolean): Problem | null {
  const type = request.headers["content-type"] ?? "";
  const charset = /;\s*charset="?([^\s";]+)/i.exec(type)?.[1];
  const json = /^\s*application\/([a-z0-9.-]+\+)?json\s*(;|$)/i.test(type);
  if (json && charset !== undefined && !/^utf-?8$/i.test(charset)) {
    return problem(
      "UNSUPPORTED_MEDIA_TYPE",
      `The body's charset is ${JSON.stringify(charset.slice(0, 40))}. Send JSON in UTF-8.`,
    );
  }
  if (json || trusted) return null;
  return problem(
    "UNSUPPORTED_MEDIA_TYPE",
    "The body's type is not JSON. Send `Content-Type: application/json`.",
  );
}

function decode(bytes: Buffer): string | null {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return null;
  }
}

function refused(message: string, details?: Record<string, unknown>): JsonBody {
  return { reason: "refused", problem: problem("INVALID_JSON", message, details) };
}
