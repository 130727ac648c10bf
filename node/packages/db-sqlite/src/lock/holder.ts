import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { modeBeside } from "../connection/private.js";

/** What a process that holds a database file says of itself, for the message of those that it keeps out. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Epoch milliseconds. */
  readonly since: number;
  /** A migration ends by itself, so it is worth waiting for. */
  readonly purpose: "server" | "migration";
}

/** Beside the database. Advice only: it is the lock that keeps others out, so a stale one does no harm. */
function holderFile(database: string): string {
  return `${database}.holder`;
}

export function writeHolder(database: string, purpose: Holder["purpose"]): void {
  const holder: Holder = { pid: process.pid, host: hostname(), since: Date.now(), purpose };
  // Made anew, so that it is written through no link.
  removeHolder(database);
  writeFileSync(holderFile(database), `${JSON.stringify(holder)}\n`, {
    flag: "wx",
    mode: modeBeside(database),
  });
}

export function removeHolder(database: string): void {
  rmSync(holderFile(database), { force: true });
}

/** Null if nothing legible is there. */
export function readHolder(database: string): Holder | null {
  try {
    return JSON.parse(readFileSync(holderFile(database), "utf8")) as Holder;
  } catch {
    return null;
  }
}
