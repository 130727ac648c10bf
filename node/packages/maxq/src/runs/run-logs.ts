import { ApiError, valueOf, type Client } from "@maxq/client";
import type { RunEvent, RunLog } from "@maxq/core";
import { inOrder } from "../connect/in-order.js";
import { pages } from "../connect/pages.js";
import type { LogLines, StreamName } from "./log-lines.js";

/** Whose output is printed, and where. */
export interface RunLogs {
  readonly client: Client;
  readonly runId: string;
  readonly streams: readonly StreamName[];
  readonly lines: LogLines;
  /** Aborted when nobody reads any longer. */
  readonly closed: AbortSignal;
}

/** So many scripts are followed at a time, by one connection for each stream; what waits is not lost, it is kept by the server. */
const mostFollowed = 32;

/**
 * Prints what all attempts of a run's scripts have printed until now, in the order in which they started, with the lines of its log between them; with `follow` then
 * what comes, as it comes, until the run is over. Answers how many of those attempts run still. Throws `ApiError`.
 */
export async function printRunLogs(about: RunLogs, follow: boolean): Promise<number> {
  const all = await eventsUntilNow(about);
  const past = withoutReturned(all);
  const ended = new Set(past.map(endOf).flatMap((attempt) => (attempt === null ? [] : keyOf(attempt))));
  const running: Attempt[] = [];
  const items = past.filter((event) => {
    const started = startOf(event);
    if (started === null || ended.has(keyOf(started))) return true;
    running.push(started);
    return !follow;
  });
  for await (const print of inOrder(items, (event) => preparePast(about, event))) {
    if (about.closed.aborted) return 0;
    await print();
  }
  if (!follow) return running.length;
  await followFrom(about, running, all.at(-1)?.id);
  return 0;
}

async function eventsUntilNow({ client, runId, closed }: RunLogs): Promise<RunEvent[]> {
  const events: RunEvent[] = [];
  for await (const each of client.followRun(runId, { toEnd: false, signal: closed })) {
    if (each.reason === "event") events.push(each.event);
    else if (each.reason !== "end") throw new ApiError(each);
  }
  return events;
}

/** Fetches what an event brought, if it is to be printed, and answers how to print it. */
async function preparePast(about: RunLogs, event: RunEvent): Promise<() => Promise<void>> {
  const { client, runId, streams, lines } = about;
  if (event.type === "log") return () => lines.log(logOf(event));
  const started = startOf(event);
  if (started === null) return () => Promise.resolve();
  const { id: stepId, attempt } = started;
  const texts = await Promise.all(
    streams.map(async (stream) => {
      const answer = valueOf(await client.steps.output(runId, stepId, { stream, attempt }));
      return { stream, text: await new Response(answer).text() };
    }),
  );
  return async () => {
    for (const { stream, text } of texts) await lines.text(text, { stepId, stream, attempt });
  };
}

/** Ends at once when what a script prints cannot be followed any longer: going on would leave out some of it. */
async function followFrom(
  about: RunLogs,
  running: readonly Attempt[],
  lastEventId: string | undefined,
): Promise<void> {
  const { client, runId, lines } = about;
  const lost = new AbortController();
  const closed = AbortSignal.any([about.closed, lost.signal]);
  const under = new Set<Promise<unknown>>();
  /** By attempt: whether something was printed. One that was returned is followed on: the server waits for its start. */
  const followed = new Map<string, Promise<boolean>>();
  const returned = new Set<string>();
  const start = async (attempt: Attempt): Promise<void> => {
    while (under.size >= mostFollowed) await Promise.race(under);
    const key = keyOf(attempt);
    const before = returned.delete(key) ? followed.get(key) : undefined;
    const following: Promise<boolean> = (before ?? Promise.resolve(false))
      .then((printed) => printed || followAttempt({ ...about, closed }, attempt))
      .catch((error: unknown) => (lost.abort(error), false))
      .finally(() => under.delete(following));
    followed.set(key, following);
    under.add(following);
  };
  for (const attempt of running) await start(attempt);
  const after = lastEventId === undefined ? {} : { lastEventId };
  for await (const each of client.followRun(runId, { ...after, signal: closed })) {
    if (each.reason === "end") break;
    if (each.reason !== "event") throw new ApiError(each);
    if (each.event.type === "log") await lines.log(logOf(each.event));
    const [back, started] = [returnOf(each.event), startOf(each.event)];
    if (back !== null) returned.add(keyOf(back));
    if (started !== null) await start(started);
  }
  await Promise.all(under);
  lost.signal.throwIfAborted();
}

/** Follows one attempt to its end, over a restart of the server, and answers whether it printed anything. What cannot be had, because the run was deleted, is left out. Throws `ApiError`. */
async function followAttempt(
  { client, runId, streams, lines, closed }: RunLogs,
  { id, attempt }: Attempt,
): Promise<boolean> {
  const printed = await Promise.all(
    streams.map(async (stream) => {
      const text = client.followOutput(runId, id, { stream, attempt, signal: closed });
      try {
        return await lines.output(text, { stepId: id, stream, attempt });
      } catch (error) {
        if (!(error instanceof ApiError) || error.answer.reason === "unreachable") throw error;
        return false;
      }
    }),
  );
  return printed.includes(true);
}

/** Leaves out the starts of attempts that were returned before their script ran: such an attempt starts again, under the same number. */
function withoutReturned(events: readonly RunEvent[]): RunEvent[] {
  const starts = new Map<string, RunEvent>();
  const left = new Set<RunEvent | undefined>();
  for (const event of events) {
    const [back, started] = [returnOf(event), startOf(event)];
    if (back !== null) left.add(starts.get(keyOf(back)));
    if (started !== null) starts.set(keyOf(started), event);
  }
  return events.filter((event) => !left.has(event));
}

interface Attempt {
  readonly id: string;
  readonly attempt: number;
}

function keyOf({ id, attempt }: Attempt): string {
  return `${id}/${attempt}`;
}

/** The attempt that an event says has started; null if it says something else. */
function startOf(event: RunEvent): Attempt | null {
  return attemptOf(event, (status) => status === "running");
}

function endOf(event: RunEvent): Attempt | null {
  return attemptOf(event, (status) => status !== "running");
}

/** The attempt that an event says was claimed and not started, so that its number is given again. */
function returnOf(event: RunEvent): Attempt | null {
  if ((event.data as { reason?: string } | null)?.reason !== "released") return null;
  const before = attemptOf(event, (status) => status === "pending");
  return before === null ? null : { ...before, attempt: before.attempt + 1 };
}

function attemptOf({ type, data }: RunEvent, fits: (status: string) => boolean): Attempt | null {
  if (type !== "step" && type !== "flow") return null;
  const { id, attempt, status } = data as { id?: string; attempt?: number; status?: string };
  if (id === undefined || attempt === undefined || status === undefined) return null;
  return fits(status) ? { id, attempt } : null;
}

function logOf({ data }: RunEvent): RunLog {
  return data as unknown as RunLog;
}

const page = 1000;

/** The whole log of a run, oldest first. Throws `ApiError`. */
export async function logsOf(client: Client, runId: string): Promise<RunLog[]> {
  const found: RunLog[] = [];
  const ask = async (start: { cursor?: string }) =>
    valueOf(await client.data.logs(runId, { limit: page, ...start }));
  for await (const { logs } of pages(ask)) found.push(...logs);
  return found.reverse();
}
