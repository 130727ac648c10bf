import { existsSync } from "node:fs";
import type { ScriptRunner, ScriptStart } from "@maxq/core";
import type { Store } from "@maxq/db";
import { storePoints, type CrashPoint, type StorePoint } from "./points.js";

/** Where this process is to be killed. */
export interface CrashAt {
  readonly point: CrashPoint;
  /** Only once this file is there; null: the first time. */
  readonly armedBy: string | null;
}

/** The Store itself, unless a test wants this process killed around one of its verbs. */
export function crashingStore(store: Store, at: CrashAt | null): Store {
  const point: StorePoint | null =
    at !== null && at.point in storePoints ? storePoints[at.point as keyof typeof storePoints] : null;
  if (at === null || point === null) return store;
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== "function") return value;
      const verb = (value as (...args: unknown[]) => unknown).bind(target);
      return name === point.verb ? around(verb, point, at) : verb;
    },
  });
}

function around(verb: (...args: unknown[]) => unknown, { when, of = () => true }: StorePoint, at: CrashAt) {
  return async (...args: unknown[]): Promise<unknown> => {
    if (when === "before" && of(args[0], null)) crash(at);
    const answer = await verb(...args);
    if (when === "after" && of(args[0], answer)) crash(at);
    return answer;
  };
}

/** The runner itself, unless a test wants this process killed at a moment of its scripts. */
export function crashingRunner(runner: ScriptRunner, at: CrashAt | null): ScriptRunner {
  if (at === null || at.point in storePoints) return runner;
  const start = (script: ScriptStart): ReturnType<ScriptRunner["start"]> => {
    const process = runner.start(script);
    if (at.point === "after_start") crash(at);
    return {
      ended: process.ended.then((end) => {
        if (at.point === "outcome_held") crash(at);
        return end;
      }),
      terminate: (reason, graceMs) => process.terminate(reason, graceMs),
      withdraw: () => process.withdraw(),
      follow: (listener) => process.follow(listener),
      soFar: (capBytes) => process.soFar(capBytes),
    };
  };
  return new Proxy(runner, {
    get(target, name) {
      const value: unknown = name === "start" ? start : Reflect.get(target, name, target);
      return typeof value === "function" ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
}

/** As kill -9 would: no exit handler runs. */
function crash({ armedBy }: CrashAt): void {
  if (armedBy === null || existsSync(armedBy)) process.kill(process.pid, "SIGKILL");
}
