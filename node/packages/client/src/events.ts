import type { RunEvent, RunStatus } from "@maxq/core";
import type { Refused, Unreachable } from "./answer.js";
import { isAborted, isFinal, pause } from "./reconnect.js";
import { runPath } from "./runs.js";
import type { Transport } from "./transport.js";

/** What following a run yields: its events, and at last why there are no more. The status at the end is that of the run, which is over unless `toEnd` was false. */
export type Followed =
  | { readonly reason: "event"; readonly event: RunEvent }
  | { readonly reason: "end"; readonly status: RunStatus | "deleted" }
  | Refused
  | Unreachable;

export interface FollowOptions {
  /** Go on after this event. */
  readonly lastEventId?: string;
  readonly signal?: AbortSignal;
  /** How often in a row to connect again when the stream breaks off; default 10, a second apart. */
  readonly reconnects?: number;
  /** Whether to wait for the run's end; false: only what has happened yet. Default true. */
  readonly toEnd?: boolean;
}

/** Follows a run's events to its end, over broken connections, without a gap or a repeat. Ends silently when the signal aborts. */
export type FollowRun = (runId: string, options?: FollowOptions) => AsyncGenerator<Followed, void>;

export function followRun({ stream }: Transport): FollowRun {
  return async function* (runId, { lastEventId, signal, reconnects = 10, toEnd = true } = {}) {
    let last = lastEventId;
    for (let failures = 0; signal?.aborted !== true;) {
      const headers = last === undefined ? {} : { "Last-Event-ID": last };
      const query = toEnd ? {} : { follow: false };
      const answer = await stream({
        method: "GET",
        path: `${runPath(runId)}/events`,
        query,
        headers,
        signal,
      });
      if (isAborted(signal)) return;
      if (answer.reason !== "ok" && (isFinal(answer) || failures >= reconnects)) {
        yield answer;
        return;
      }
      failures++;
      if (answer.reason === "ok") {
        for await (const { name, data } of messages(answer.value)) {
          if (name === "end") {
            yield { reason: "end", ...(JSON.parse(data) as { status: RunStatus }) };
            return;
          }
          if (name === "overflow") break;
          const event = JSON.parse(data) as RunEvent;
          [last, failures] = [event.id, 0];
          yield { reason: "event", event };
        }
      }
      if (failures > 0) await pause(signal);
    }
  };
}

interface Message {
  readonly name: string;
  readonly data: string;
}

/** The messages of a stream; ends with it, also when it breaks off. */
async function* messages(body: ReadableStream<Uint8Array>): AsyncGenerator<Message, void> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = "";
  try {
    for (;;) {
      const { done, value } = await reader.read().catch(() => ({ done: true, value: undefined }));
      if (done || value === undefined) return;
      const blocks = (text + decoder.decode(value, { stream: true })).split("\n\n");
      text = blocks.pop() ?? "";
      yield* blocks.flatMap(parseMessage);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function parseMessage(block: string): Message[] {
  const field = (name: string): string | undefined =>
    block
      .split("\n")
      .find((line) => line.startsWith(`${name}: `))
      ?.slice(name.length + 2);
  const [name, data] = [field("event"), field("data")];
  return name === undefined || data === undefined ? [] : [{ name, data }];
}
