import { overLimit, problem, type Limits, type Problem } from "@maxq/core";

/** What body-parser and the router throw. */
interface Thrown {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly code?: unknown;
  readonly status?: unknown;
  readonly length?: unknown;
  readonly message?: unknown;
}

/** Whether the database could not be asked. */
export function isUnavailable(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.name === "DatabaseUnavailable";
}

/** What was thrown, as a problem for the client; null if it is a fault of ours, about which the client learns nothing. */
export function problemFromThrown(thrown: unknown, limits: Limits): Problem | null {
  if (isUnavailable(thrown)) {
    return problem(
      "UNAVAILABLE",
      "The database cannot be reached at the moment. Try again; accepted work is safe.",
    );
  }
  const { name, type, code, status, length } = (thrown ?? {}) as Thrown;
  switch (type) {
    case "entity.too.large":
      return overLimit(limits, "bodyBytes", "The body", typeof length === "number" ? length : undefined);
    case "encoding.unsupported":
      return problem(
        "UNSUPPORTED_MEDIA_TYPE",
        "The body's Content-Encoding is not supported. Send it plain, or with gzip, deflate or br.",
      );
    case "request.size.invalid":
    case "request.aborted":
      return problem(
        "INVALID_REQUEST",
        "The body is not as long as its Content-Length. Send the whole body.",
      );
  }
  if (typeof code === "string" && /^(Z_|ERR_|BROTLI)/i.test(code) && status === 400) {
    return problem(
      "INVALID_REQUEST",
      "The body cannot be decompressed. Send it plain, or compressed as its Content-Encoding says.",
    );
  }
  if (name === "URIError" || (status === 400 && thrown instanceof URIError)) return notDecodable();
  return null;
}

/** The refusal of a URL whose %-escapes are not UTF-8. */
export function notDecodable(): Problem {
  return problem(
    "INVALID_REQUEST",
    "The URL has a %-escape that is not UTF-8. Escape each byte of UTF-8 text as %XX.",
  );
}
