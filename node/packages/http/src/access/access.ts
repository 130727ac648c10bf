import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { IssueAccess, Problem, ScriptRunner } from "@maxq/core";
import type { Store } from "@maxq/db";
import { fixedKey, generatedKey } from "./api-key.js";
import { capabilityBase } from "./capability-path.js";
import { identify, type Identification, type Identified } from "./identify.js";
import type { AccessMode } from "./mode.js";
import { PeerOwners } from "./peer.js";
import { Tokens } from "./token.js";

/** Who may do what: tells who makes a request and gives scripts their tokens. */
export interface Access {
  readonly mode: AccessMode["mode"];
  /** Origins beside the server's own whose pages may write. */
  readonly otherOrigins: readonly string[];
  /** Who makes the request, or why nobody may. `pathToken` is what the path carried, null if nothing. */
  identify(request: IncomingMessage, pathToken: string | null): Promise<Identified | Problem>;
  /** Issues tokens for a listener at `baseUrl`, e.g. `http://127.0.0.1:3000`, without a slash at the end. */
  issuer(baseUrl: string): IssueAccess;
}

/** What access is made of. */
export interface AccessOptions {
  readonly store: Store;
  readonly mode: AccessMode;
  /** For servers behind a proxy that ends TLS: e.g. `https://maxq.example`. */
  readonly otherOrigins?: readonly string[];
  /** Tells quickly whose a connection is; without it, or where it does not know, the kernel's tables are read. */
  readonly connectionOwner?: ScriptRunner["connectionOwner"];
}

/** Reads or makes the signing secret, so that all servers on the database accept each other's tokens. Rejects with `DatabaseUnavailable`. */
export async function createAccess(options: AccessOptions): Promise<Access> {
  const { store, mode, otherOrigins = [] } = options;
  const tokens = new Tokens(await store.settingOnce("token_secret", randomBytes(32).toString("base64url")));
  const identification: Identification = {
    readToken: (token) => tokens.read(token),
    others: await acceptedBesideTokens(options),
  };
  return {
    mode: mode.mode,
    otherOrigins,
    identify: (request, pathToken) => identify(identification, request, pathToken),
    issuer: (baseUrl) => (runId, ref) => {
      const apiKey = tokens.sign({ runId, ref });
      return { api: capabilityBase(baseUrl, apiKey), apiKey };
    },
  };
}

async function acceptedBesideTokens(options: AccessOptions): Promise<Identification["others"]> {
  const { store, mode } = options;
  switch (mode.mode) {
    case "key":
      return { reason: "key", check: fixedKey(mode.apiKey) };
    case "generated":
      return { reason: "key", check: await generatedKey(store) };
    case "tokens":
      return { reason: "nobody" };
    case "open":
      return { reason: "open", peers: new PeerOwners(options.connectionOwner) };
    case "none":
      return { reason: "none" };
  }
}
