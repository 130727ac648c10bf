import type { IncomingMessage } from "node:http";
import { problem, type Problem } from "@maxq/core";
import { isLoopbackHost } from "./loopback.js";
import type { ScriptCaller } from "./caller.js";
import type { KeyCheck } from "./api-key.js";
import type { PeerOwners } from "./peer.js";

/** How to tell who makes a request, by what the mode accepts beside tokens. */
export interface Identification {
  /** What a token stands for, null if it is none of ours. */
  readonly readToken: (token: string) => ScriptCaller | null;
  /** Who needs no token: holders of the key, this host's own user, everybody, or nobody. */
  readonly others:
    | { readonly reason: "key"; readonly check: KeyCheck }
    | { readonly reason: "open"; readonly peers: PeerOwners }
    | { readonly reason: "none" | "nobody" };
}

/** What a request has shown of who makes it. */
export interface Identified {
  /** May do everything: it showed the key, or the server is open to it. */
  readonly full: boolean;
  /** The attempts whose tokens were shown: none, one, or that of the path and that of the header where they are two. */
  readonly scripts: readonly ScriptCaller[];
}

/**
 * Who makes the request, or why nobody may: UNAUTHORIZED, or FORBIDDEN by host name or user. A token in the path or as bearer is a script's;
 * path and header are both looked at and one good one is enough.
 */
export async function identify(
  { readToken, others }: Identification,
  request: IncomingMessage,
  pathToken: string | null,
): Promise<Identified | Problem> {
  const bearer = bearerOf(request);
  const fromPath = pathToken === null ? null : readToken(pathToken);
  const fromHeader = bearer === null ? null : readToken(bearer);
  const scripts = [fromPath, isSame(fromPath, fromHeader) ? null : fromHeader].filter(
    (script) => script !== null,
  );
  const keyed = others.reason === "key" && bearer !== null && (await others.check(bearer));
  if (scripts.length > 0 || keyed) return { full: keyed, scripts };
  if (pathToken !== null && bearer === null) return noGoodToken();
  switch (others.reason) {
    case "key":
    case "nobody":
      return bearer === null ? noKey(others.reason) : wrongKey(others.reason);
    case "none":
      return { full: true, scripts: [] };
    case "open":
      return (await refuseStranger(request, others.peers)) ?? { full: true, scripts: [] };
  }
}

/** Scripts show theirs in both, by `$MAXQ_API` and by `$MAXQ_API_KEY`: to ask for its state twice costs two statements. */
function isSame(one: ScriptCaller | null, other: ScriptCaller | null): boolean {
  return one?.ref.key === other?.ref.key && one?.ref.attempt === other?.ref.attempt;
}

function bearerOf(request: IncomingMessage): string | null {
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? "")?.[1] ?? null;
}

async function refuseStranger(request: IncomingMessage, peers: PeerOwners): Promise<Problem | null> {
  if (!isLoopbackHost(request.headers.host)) {
    return problem(
      "FORBIDDEN",
      "This server is open to its own host only, by a loopback name. Ask for http://localhost:<port>/, or set MAXQ_API_KEY and send the key.",
    );
  }
  const owner = await peers.of(request.socket);
  if (
    owner.reason === "unknown" ||
    (owner.reason === "owned" && (owner.uid === 0 || owner.uid === process.getuid?.()))
  )
    return null;
  return problem(
    "FORBIDDEN",
    "This server is open to processes of its own user only. Run the request as that user, or set MAXQ_API_KEY and send the key.",
  );
}

function noGoodToken(): Problem {
  return problem(
    "UNAUTHORIZED",
    "The token in the path is none of this server's. Scripts find theirs in MAXQ_API; other clients send `Authorization: Bearer <key>`.",
  );
}

function noKey(accepted: "key" | "nobody"): Problem {
  if (accepted === "nobody")
    return problem("UNAUTHORIZED", "Only scripts may ask here, with the token in MAXQ_API_KEY or MAXQ_API.");
  return problem(
    "UNAUTHORIZED",
    "This server needs its key. Send `Authorization: Bearer <key>`; `maxq key` prints a generated one.",
  );
}

function wrongKey(accepted: "key" | "nobody"): Problem {
  if (accepted === "nobody") return noKey(accepted);
  return problem(
    "UNAUTHORIZED",
    "The key is wrong. Send the one in MAXQ_API_KEY; `maxq key` prints a generated one.",
  );
}
