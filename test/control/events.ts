import type { Api } from "../system/api.js";

/** One event of a run's stream. */
export interface StreamedEvent {
  readonly id: string;
  readonly type: "run" | "stage" | "step" | "flow" | "log";
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly data: any;
}

/** Everything that the stream of a run tells, once the run is over. */
export async function eventsOf(api: Api, runId: string): Promise<StreamedEvent[]> {
  const response = await fetch(`${api.url}/runs/${runId}/events`, { signal: AbortSignal.timeout(60_000) });
  const blocks = (await response.text()).split("\n\n");
  return blocks.flatMap((block) => {
    const data = /^data: (.*)$/m.exec(block)?.[1];
    return data === undefined || !/^id: /m.test(block) ? [] : [JSON.parse(data) as StreamedEvent];
  });
}

/** The states that a step, flow call or stage went through, in order. `name` is its id or name. */
export function statesOf(
  events: readonly StreamedEvent[],
  type: StreamedEvent["type"],
  name?: string,
): string[] {
  return events
    .filter((event) => event.type === type)
    .filter(({ data }) => name === undefined || data.id === name || data.name === name)
    .map(({ data }) => data.status as string);
}

/** The most steps that ran at any one time, by the stream. */
export function mostAtOnce(events: readonly StreamedEvent[]): number {
  const running = new Set<string>();
  let most = 0;
  for (const { type, data } of events) {
    if (type !== "step") continue;
    if (data.status === "running") running.add(data.id as string);
    else running.delete(data.id as string);
    most = Math.max(most, running.size);
  }
  return most;
}
