import { statSync } from "node:fs";
import { createClient, type Client } from "@maxq/client";
import { shellWord } from "@maxq/core";
import type { Invocation } from "../command/invocation.js";
import { settingsOrComplain } from "../settings/or-complain.js";
import type { Settings } from "../settings/settings.js";

/** A server that a command asks. */
export interface Connection {
  readonly client: Client;
  /** For people: scheme, host and port. A path could hold a token. */
  readonly origin: string;
}

/** The server that is named, else the one at the server port of this host. Says what is wrong and answers null if that cannot be told. */
export function connect(invocation: Invocation): Connection | null {
  const settings = settingsOrComplain(invocation);
  return settings === null ? null : connectWith(invocation, settings);
}

/** As `connect`, with settings that have been read. */
function connectWith(invocation: Invocation, settings: Settings): Connection | null {
  const { serverUrl, port, apiKey, apiKeyFile } = settings;
  const unsafe = apiKeyFile === null ? null : openToOthers(apiKeyFile);
  if (unsafe !== null) {
    invocation.err(`maxq: ${unsafe}`);
    return null;
  }
  const baseUrl = serverUrl ?? `http://127.0.0.1:${port}`;
  return { client: createClient({ baseUrl, apiKey }), origin: new URL(baseUrl).origin };
}

/** Whether users other than the owner can read or change the file that holds the key. */
function openToOthers(file: string): string | null {
  const mode = statSync(file).mode & 0o777;
  if ((mode & 0o077) === 0) return null;
  return `MAXQ_API_KEY_FILE names ${file}, which others can read or write (mode 0${mode.toString(8)}). Run chmod 600 ${shellWord(file)}, or give the key as MAXQ_API_KEY.`;
}
