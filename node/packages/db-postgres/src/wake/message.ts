import type { WakeUp } from "@maxq/db";
import pg from "pg";

/** One channel a database. */
export const CHANNEL = "maxq";

/** What goes through the channel: who sends it (to know one's own), and a wake-up, or nothing for an echo to oneself. */
export interface Message {
  readonly from: string;
  readonly wake?: WakeUp;
}

/** SQL that sends a message for each wake-up when its transaction commits; empty for none. */
export function notifications(from: string, wakeUps: readonly WakeUp[]): string {
  return wakeUps.map((wake) => notification({ from, wake })).join("");
}

/** SQL that sends one message. */
export function notification(message: Message): string {
  return `select pg_notify('${CHANNEL}', ${pg.escapeLiteral(payload(message))}); `;
}

/** What is sent through the channel for a message. */
export function payload(message: Message): string {
  return JSON.stringify(message);
}

/** Null for what is not ours. */
export function readMessage(payload: string): Message | null {
  try {
    return JSON.parse(payload) as Message;
  } catch {
    return null;
  }
}
