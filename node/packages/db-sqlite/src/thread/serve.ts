import type { WakeUps } from "@maxq/db";
import type { MessagePort } from "node:worker_threads";
import { sendable, type Call, type Reply } from "./messages.js";

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
  served.onWakeUp((wakeUp) => reply({ kind: "wakeUp", wakeUp }));
  port.on("message", ({ id, method, args }: Call) => {
    const execute = (served as unknown as Record<string, (...args: readonly unknown[]) => unknown>)[method];
    void answer(id, () => execute!.apply(served, args as unknown[]), reply).then(() => {
      if (method === "close") port.close();
    });
  });
  reply({ kind: "ready", fault: null });
}

async function answer(id: number, execute: () => unknown, reply: (message: Reply) => void): Promise<void> {
  try {
    reply({ kind: "answer", id, value: await execute() });
  } catch (error) {
    reply({ kind: "fault", id, fault: sendable(error) });
  }
}
