import { until } from "@maxq/test-kit";
import { readFileSync, readdirSync } from "node:fs";

/** Whether a process of that id exists and is not a zombie. */
export function isAlive(pid: number): boolean {
  const state = /^State:\s+(\S)/m.exec(statusOf(pid) ?? "")?.[1];
  return state !== undefined && state !== "Z" && state !== "X";
}

/** Waits until the process is gone. */
export async function gone(pid: number, withinMs?: number): Promise<void> {
  await until(`process ${pid} is gone`, () => !isAlive(pid), withinMs);
}

/** The number that a script wrote into a file, once it is there. */
export function pidIn(file: string): Promise<number> {
  return until(`a process id is in ${file}`, () => {
    const text = readIfThere(file);
    return text !== null && /^\d+\n$/.test(text) && Number(text);
  });
}

/** Peak resident memory of a process and its children, in bytes, since they started. */
export function peakMemory(pid: number): number {
  return tree(pid)
    .map((each) => Number(/^VmHWM:\s+(\d+)/m.exec(statusOf(each) ?? "")?.[1] ?? 0) * 1024)
    .reduce((a, b) => a + b, 0);
}

function tree(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    (readIfThere(`/proc/${pid}/task/${thread}/children`) ?? "").split(" ").filter(Boolean).map(Number),
  );
  return [pid, ...children];
}

function statusOf(pid: number): string | null {
  return readIfThere(`/proc/${pid}/status`);
}

function readIfThere(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
