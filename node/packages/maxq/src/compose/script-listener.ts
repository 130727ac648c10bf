import type { IssueAccess } from "@maxq/core";
import type { Store } from "@maxq/db";
import type { FlowDirectory } from "@maxq/executor";
import { createAccess, createApp, isLoopbackAddress, listen } from "@maxq/http";
import type { Closers } from "./closers.js";
import { appOptions, type EngineOptions } from "./options.js";
import type { Succession } from "./succession.js";

const LOOPBACK = "127.0.0.1";

/** Where the scripts of this process find MaxQ. */
export interface ScriptListener {
  readonly issueAccess: IssueAccess;
  /** Listens also where the scripts of predecessors look for it. A port that is taken is left: requests of those scripts fail. */
  alsoForPredecessors(): Promise<void>;
}

/**
 * The server's own listener where it is on loopback; else, and where there is no server (null), one for scripts alone on loopback, which takes tokens only, at the
 * port of the last process in this place if that is free.
 */
export async function openScriptListener(
  options: EngineOptions,
  store: Store,
  flows: FlowDirectory,
  serverUrl: string | null,
  succession: Succession,
  closers: Closers,
): Promise<ScriptListener> {
  const access = await createAccess({ store, mode: { mode: "tokens" } });
  const listenAt = async (port: number) => {
    const app = createApp({ ...appOptions(options, store, flows), access, liveOutput: null });
    const own = await listen(app, { host: LOOPBACK, port });
    closers.add(() => own.close());
    return own.url;
  };
  const [last = 0, ...others] = succession.ports;
  const shared = serverUrl !== null && isLoopbackAddress(new URL(serverUrl).hostname) ? serverUrl : null;
  const url = shared ?? (await listenAt(last).catch(() => listenAt(0)));
  const port = Number(new URL(url).port);
  const open = new Set([port]);
  succession.serves(port);
  return {
    issueAccess: access.issuer(url),
    alsoForPredecessors: async () => {
      for (const other of [last, ...others]) {
        if (other === 0 || open.has(other)) continue;
        open.add(other);
        await listenAt(other).catch((error: unknown) => {
          options.logger.warn(
            { err: error, port: other },
            "Scripts that the process before this one started look for MaxQ at a port that cannot be had: their requests fail.",
          );
        });
      }
    },
  };
}
