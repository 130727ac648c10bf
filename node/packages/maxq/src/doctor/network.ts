import { createServer } from "node:net";
import { isLoopbackAddress, peerOwnersKnown, resolveAccessMode } from "@maxq/http";
import { isServersPort } from "../compose/metrics-listener.js";
import { describeAccess } from "../serve/start-line.js";
import type { Settings } from "../settings/settings.js";
import { bad, good, warning, type Finding } from "./finding.js";

/** Is the port free, or taken by MaxQ itself? Takes it for a moment. */
export function checkPort({ host, port }: Pick<Settings, "host" | "port">): Promise<Finding> {
  return checkAddress("Port", host, port, { port: "--port, MAXQ_PORT", host: "--host, MAXQ_HOST" });
}

/** Is the port of the metrics free, or taken by MaxQ itself? Nothing to say where none is wanted. */
export async function checkMetricsPort(settings: Settings): Promise<readonly Finding[]> {
  const { metricsPort: port, metricsHost: host } = settings;
  if (port === null) return [];
  if (isServersPort(settings)) {
    const what = `${port} is the server's own port, which answers /metrics, too`;
    return [bad("Metrics port", what, "Leave MAXQ_METRICS_PORT out, or choose another port for it.")];
  }
  const names = { port: "MAXQ_METRICS_PORT", host: "MAXQ_METRICS_HOST" };
  return [await checkAddress("Metrics port", host, port, names)];
}

async function checkAddress(
  subject: string,
  host: string,
  port: number,
  names: AddressNames,
): Promise<Finding> {
  const error = await tryPort(host, port);
  if (error === null) return good(subject, `${port} on ${host} is free`);
  const taken = error.code === "EADDRINUSE";
  if (taken && (await isMaxQ(host, port)))
    return good(subject, `a MaxQ server answers at ${port} on ${host}`);
  const why = taken ? "is in use by another program" : `cannot be had: ${error.message}`;
  return bad(subject, `${port} on ${host} ${why}`, cureOf(error, names));
}

interface AddressNames {
  readonly port: string;
  readonly host: string;
}

function cureOf({ code }: NodeJS.ErrnoException, { port, host }: AddressNames): string {
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return `Choose an address that this host has (${host}).`;
  if (code === "EACCES") return `Choose a port above 1023 (${port}).`;
  return `Stop what listens there, or choose another port (${port}).`;
}

function tryPort(host: string, port: number): Promise<NodeJS.ErrnoException | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", resolve);
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}

const wildcards: Readonly<Record<string, string>> = { "0.0.0.0": "127.0.0.1", "::": "[::1]" };

async function isMaxQ(host: string, port: number): Promise<boolean> {
  const name = wildcards[host] ?? (host.includes(":") ? `[${host}]` : host);
  try {
    const answer = await fetch(`http://${name}:${port}/healthz`, { signal: AbortSignal.timeout(2_000) });
    return answer.ok && "version" in ((await answer.json()) as object);
  } catch {
    return false;
  }
}

/** Who may use the server, and can that be told? */
export async function checkAccess({ host, apiKey, auth }: Settings): Promise<Finding> {
  const subject = "Access";
  const { mode } = resolveAccessMode({ host, apiKey, authNone: auth === "none" });
  const who = describeAccess(mode);
  if (mode === "none" && !isLoopbackAddress(host)) {
    return warning(
      subject,
      who,
      "Unset MAXQ_AUTH, so that requests need a key: whoever may schedule may run code.",
    );
  }
  if (mode === "open" && !(await peerOwnersKnown())) {
    const message = `${who}, but this system does not tell whose process asks: every user of this host may use it`;
    return warning(subject, message, "Set MAXQ_API_KEY if other users have accounts here.");
  }
  return good(subject, who);
}
