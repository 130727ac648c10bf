import { createServer } from "node:net";
import { isLoopbackAddress, peerOwnersKnown, resolveAccessMode } from "@maxq/http";
import { describeAccess } from "../serve/start-line.js";
import type { Settings } from "../settings/settings.js";
import { bad, good, warning, type Finding } from "./finding.js";

const subject = "Port";

/** Is the port free, or taken by MaxQ itself? Takes it for a moment. */
export async function checkPort({ host, port }: Pick<Settings, "host" | "port">): Promise<Finding> {
  const error = await tryPort(host, port);
  if (error === null) return good(subject, `${port} on ${host} is free`);
  const taken = error.code === "EADDRINUSE";
  if (taken && (await isMaxQ(host, port)))
    return good(subject, `a MaxQ server answers at ${port} on ${host}`);
  const why = taken ? "is in use by another program" : `cannot be had: ${error.message}`;
  return bad(subject, `${port} on ${host} ${why}`, cureOf(error));
}

function cureOf({ code }: NodeJS.ErrnoException): string {
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND")
    return "Choose an address that this host has (--host, MAXQ_HOST).";
  if (code === "EACCES") return "Choose a port above 1023 (--port, MAXQ_PORT).";
  return "Stop what listens there, or choose another port (--port, MAXQ_PORT).";
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
