import { isLoopbackAddress } from "./loopback.js";

/**
 * Who may use a listener. `key`: whoever shows this key. `generated`: whoever shows the key that is kept in the database.
 * `open`: processes of this user (and root) on this host, by a loopback name. `none`: everybody who can connect.
 * `tokens`: scripts only, the mode of a worker's own listener. Tokens of scripts are accepted in every mode.
 */
export type AccessMode =
  | { readonly mode: "key"; readonly apiKey: string }
  | { readonly mode: "generated" }
  | { readonly mode: "open" }
  | { readonly mode: "none" }
  | { readonly mode: "tokens" };

/** The mode that follows from the settings: a key wins, then `MAXQ_AUTH=none`, then loopback is open and anything else gets a generated key. */
export function resolveAccessMode(settings: {
  readonly host: string;
  readonly apiKey: string | null;
  readonly authNone: boolean;
}): AccessMode {
  if (settings.apiKey !== null) return { mode: "key", apiKey: settings.apiKey };
  if (settings.authNone) return { mode: "none" };
  return isLoopbackAddress(settings.host) ? { mode: "open" } : { mode: "generated" };
}
