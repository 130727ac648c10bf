import { withoutTokens } from "@maxq/core";

/** Where a script's token stands in the path of its MAXQ_API: `/api/v1/as/<token>/runs/…`; a request's target may begin with scheme and host. */
const capabilityPath = /^((?:[A-Za-z]+:\/\/[^/?]*)?\/api\/v1)\/as\/([^/?]*)(?=[/?]|$)/;

/** The URL without the token, and the token; null where the path carries none. */
export function splitCapability(url: string): { readonly url: string; readonly token: string } | null {
  const match = capabilityPath.exec(url);
  if (match === null) return null;
  const [all, base = "", token = ""] = match;
  return { url: base + url.slice(all.length), token };
}

/** Names of parameters that people try where they should send a header. */
const secretName = /key|token|secret|passw|auth/i;

/** The URL as it may stand in a log: no token in it, also where none belongs, and no value of a parameter whose name promises a secret. */
export function withoutCapability(url: string): string {
  const path = url.replace(capabilityPath, "$1/as/[token]");
  const query = path.indexOf("?") + 1;
  return withoutTokens(query === 0 ? path : path.slice(0, query) + withoutSecrets(path.slice(query)));
}

// No expression for all of it: one that looks for a name anywhere before the `=` took minutes for a query of `key?key?…`, before anybody was asked for a key.
function withoutSecrets(query: string): string {
  const parameters = query.split("&").map((parameter) => {
    const value = parameter.indexOf("=") + 1;
    return value > 0 && secretName.test(parameter.slice(0, value))
      ? `${parameter.slice(0, value)}[hidden]`
      : parameter;
  });
  return parameters.join("&");
}

/** The base URL of a script: everything it asks through it carries its token. */
export function capabilityBase(baseUrl: string, token: string): string {
  return `${baseUrl}/api/v1/as/${token}`;
}
