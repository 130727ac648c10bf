import { runEventsQuerySchema, type Run, type RunEvent } from "@maxq/core";
import type { StreamWriter } from "../../answer/answer.js";
import { isUnavailable } from "../../answer/failure.js";
import type { Services } from "../../app/services.js";
import { route } from "../route.js";
import { noSuchRun } from "./not-found.js";

/** Events read and written at once: this much is held for a reader, whatever it does. */
const batch = 50;
const heartbeatMs = 15_000;

const description =
  "Each event has a line `id`, a line `event` with its type (`run`, `stage`, `step`, `flow` or `log`) and a line `data`, a RunEvent as JSON. " +
  "`event: end` (without an id; `data` is `{status}`, of a run that is gone `deleted`) is the last: do not come back. " +
  "After `event: overflow` (without an id, `data` is `{}`), which a reader gets that was too slow, and where a stream stops without `end`, come back with the last id that was seen. " +
  "Lines that begin with `:` are signs of life, each 15 s where nothing happens.";

export const runEvents = route({
  method: "get",
  path: "/runs/{runId}/events",
  operationId: "runEvents",
  summary:
    "Every change of state and log line of a run as Server-Sent Events, in commit order, until the run is over",
  description,
  tag: "runs",
  scope: "read",
  streams: "events",
  headers: { "Last-Event-ID": "Go on after this event" },
  query: runEventsQuerySchema,
  answers: { 200: "text/event-stream" },
  handle: async ({ params: { runId }, headers, query: { follow } }, services) => {
    if ((await services.store.getRun(runId)) === null) return noSuchRun(runId);
    const given = headers["last-event-id"];
    const after = typeof given === "string" && given !== "" ? given : null;
    return {
      reason: "stream",
      contentType: "text/event-stream; charset=utf-8",
      write: async (writer) => {
        await streamEvents({ runId, afterId: after, follow: follow ?? true }, writer, services);
        return "whole";
      },
    };
  },
});

/** Which events are wanted. */
interface Wanted {
  readonly runId: string;
  /** Null: from the first. */
  readonly afterId: string | null;
  /** Until the run is over; else until there are none. */
  readonly follow: boolean;
}

/**
 * Writes events until the run is over and its last one is written, then `event: end`. A reader that takes nothing for too long gets `event: overflow`
 * and is cut off: it can come back with the last id that it has seen. Nothing is kept for it meanwhile, and nobody waits for it.
 */
async function streamEvents(
  { runId, afterId, follow }: Wanted,
  writer: StreamWriter,
  services: Services,
): Promise<void> {
  const watch = services.changes.watch(runId);
  let lastId = afterId;
  let writtenAt = performance.now();
  try {
    while (!writer.signal.aborted) {
      const wanted = { runId, afterId: lastId, follow };
      const next = await watch.share(`${lastId} ${follow}`, () => readNext(wanted, services));
      const text = next.text + (next.end ?? "");
      if (text !== "" || performance.now() - writtenAt > heartbeatMs) {
        if (!(await writer.write(text === "" ? ": still there\n\n" : text))) {
          await writer.write("event: overflow\ndata: {}\n\n");
          return;
        }
        writtenAt = performance.now();
      }
      lastId = next.lastId ?? lastId;
      if (next.end !== null) return;
      if (next.lastId === null) await watch.next(writer.signal);
    }
  } finally {
    watch.close();
  }
}

/** Some events as they are written. */
interface Next {
  readonly text: string;
  /** Of the last of them; null if there are none. */
  readonly lastId: string | null;
  readonly end: string | null;
}

/** The next events; `end` when there are none and there will be none. While the database is away there is nothing, and no end. */
async function readNext({ runId, afterId, follow }: Wanted, { store }: Services): Promise<Next> {
  try {
    const run = await store.getRun(runId);
    // Read after the run: an end that is seen has its events in what is read now.
    const events = await store.readEvents(runId, afterId, batch);
    const lastId = events.at(-1)?.id ?? null;
    return { text: events.map(format).join(""), lastId, end: lastId === null ? endOf(run, follow) : null };
  } catch (thrown) {
    if (isUnavailable(thrown)) return { text: "", lastId: null, end: null };
    throw thrown;
  }
}

function endOf(run: Run | null, follow: boolean): string | null {
  const status = run === null ? "deleted" : run.status;
  const over = status === "completed" || status === "failed" || status === "aborted" || status === "deleted";
  return over || !follow ? `event: end\ndata: ${JSON.stringify({ status })}\n\n` : null;
}

function format(event: RunEvent): string {
  return `id: ${event.id}\nevent: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}
