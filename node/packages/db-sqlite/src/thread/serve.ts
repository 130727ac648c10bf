import type { WakeUp, WakeUps } from "@maxq/db";
import type { MessagePort } from "node:worker_threads";
import { sendable, type Call, type Reply, type SentError } from "./messages.js";

/** What a thread can serve: an object of asynchronous methods that take and answer data. */
export type Served = Pick<WakeUps, "onWakeUp"> & { close(): Promise<void> };

/** Inside a thread: makes the object and answers calls for it, until it is closed. */
export async function serve(port: MessagePort, make: () => Promise<Served>): Promise<void> {
  const reply = (message: Reply): void => {
    port.postMessage(message);
  };
  let served: Served;
  try {
    served = await make();
  } catch (error) {
    reply({ kind: "ready", fault: sendable(error) });
    port.close();
    return;
  }
  const untold: WakeUp[] = [];
  const takeUntold = (): WakeUp[] => untold.splice(0);
  served.onWakeUp((wakeUp) => {
    if (untold.push(wakeUp) === 1)
      setImmediate(() => {
        if (untold.length > 0) reply({ kind: "told", wakeUps: takeUntold() });
      });
  });
  port.on("message", ({ id, method, args }: Call) => {
    const execute = (served as unknown as Record<string, (...args: readonly unknown[]) => unknown>)[method];
    void answer(() => execute!.apply(served, args as unknown[])).then((answered) => {
      reply({ ...answered, id, wakeUps: takeUntold() });
      if (method === "close") port.close();
    });
  });
  port.on("messageerror", () => reply({ kind: "unreadable" }));
  reply({ kind: "ready", fault: null });
}

async function answer(
  execute: () => unknown,
): Promise<{ kind: "answer"; value: unknown } | { kind: "fault"; fault: SentError }> {
  try {
    return { kind: "answer", value: await execute() };
  } catch (error) {
    return { kind: "fault", fault: sendable(error) };
  }
}
