import { createServer } from "node:net";
import { isLoopbackAddress, peerOwnersKnown, resolveAccessMode } from "@maxq/http";
import { describeAccess } from "../serve/start-line.js";
import type { Settings } from "../settings/settings.js";
import { bad, good, warning, type Finding } from "./finding.js";

/** Is the port free? Takes it for a moment. */
export function checkPort({ host, port }: Pick<Settings, "host" | "port">): Promise<Finding> {
  const subject = "Port";
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", ({ code, message }: NodeJS.ErrnoException) => {
      const why =
        code === "EADDRINUSE" ? "is in use: a server may be running already" : `cannot be had: ${message}`;
      const cure = "Stop what listens there, or choose another port (--port, MAXQ_PORT).";
      resolve(bad(subject, `${port} on ${host} ${why}`, cure));
    });
    server.listen(port, host, () => server.close(() => resolve(good(subject, `${port} on ${host} is free`))));
  });
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
