import { constants } from "node:os";
import type { ProcessEnd } from "@maxq/core";

const names = new Map(
  Object.entries(constants.signals)
    .map(([name, number]) => [number, name] as const)
    .reverse(),
);

/** Reads a wait status, as the kernel gives it, of a process that has ended. */
export function processEnd(status: number): Extract<ProcessEnd, { readonly reason: "exited" | "signaled" }> {
  const signal = status & 0x7f;
  if (signal === 0) return { reason: "exited", exitCode: (status >> 8) & 0xff };
  return { reason: "signaled", signal: names.get(signal) ?? `SIG${signal}` };
}

/** The wait status of a process that exited, or was ended by a signal, in Node's terms. */
export function waitStatus(exitCode: number | null, signal: NodeJS.Signals | null): number {
  return signal === null ? ((exitCode ?? 0) & 0xff) << 8 : constants.signals[signal];
}
