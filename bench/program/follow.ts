import { Agent, request } from "node:http";

/** What one who follows a run's events has heard. */
export interface Heard {
  /** In the order in which they came. */
  readonly ids: readonly string[];
  /** Of each event, from its moment by the database's clock until it was here, in ms. */
  readonly delays: readonly { readonly at: number; readonly ms: number }[];
}

interface Following {
  /** Once the answer has begun: whatever happens from now on is heard of as it happens. */
  readonly begun: Promise<unknown>;
  /** Once the run is over and all of its events were heard. Rejects if the stream ends before. */
  readonly heard: Promise<Heard>;
}

/** Follows a run's events by a connection of its own. */
export function follow(url: string, runId: string): Following {
  const agent = new Agent();
  const ids: string[] = [];
  const delays: { at: number; ms: number }[] = [];
  let begin = (): void => undefined;
  const begun = new Promise<void>((resolve) => (begin = resolve));
  const heard = new Promise<Heard>((resolve, reject) => {
    const asking = request(`${url}/runs/${runId}/events`, { agent }, (answer) => {
      begin();
      let text = "";
      let over = false;
      answer.setEncoding("utf8");
      answer.on("data", (chunk: string) => {
        const now = Date.now();
        const frames = (text + chunk).split("\n\n");
        text = frames.pop()!;
        for (const frame of frames) {
          if (frame.startsWith("event: end\n")) over = true;
          if (!frame.startsWith("id: ")) continue;
          const event = JSON.parse(frame.slice(frame.indexOf("\ndata: ") + 7)) as { id: string; at: number };
          ids.push(event.id);
          delays.push({ at: event.at, ms: now - event.at });
        }
      });
      answer.on("close", () => {
        agent.destroy();
        if (over) resolve({ ids, delays });
        else reject(new Error(`The events of run ${runId} broke off after ${ids.length}.`));
      });
    });
    asking.on("error", reject);
    asking.end();
  });
  return { begun, heard };
}
