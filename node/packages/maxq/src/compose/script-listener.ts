import type { Store } from "@maxq/db";
import type { FlowDirectory } from "@maxq/executor";
import { createAccess, createApp, isLoopbackAddress, listen, type IssueAccess } from "@maxq/http";
import type { Closers } from "./closers.js";
import { appOptions, type EngineOptions } from "./options.js";

/**
 * Where the scripts of this process find MaxQ: the server's own listener where it is on loopback; else, and where there is no server (null), one of their own
 * on loopback, which takes tokens only.
 */
export async function openScriptListener(
  options: EngineOptions,
  store: Store,
  flows: FlowDirectory,
  serverUrl: string | null,
  closers: Closers,
): Promise<IssueAccess> {
  const access = await createAccess({ store, mode: { mode: "tokens" } });
  if (serverUrl !== null && isLoopbackAddress(new URL(serverUrl).hostname)) return access.issuer(serverUrl);
  const app = createApp({ ...appOptions(options, store, flows), access, liveOutput: null });
  const own = await listen(app, { host: "127.0.0.1", port: 0 });
  closers.add(() => own.close());
  return access.issuer(own.url);
}
