import type { Client, Followed } from "@maxq/client";
import { expect } from "chai";
import { painter } from "../../src/print/paint.js";
import { Follower } from "../../src/watch/follower.js";
import { Progress } from "../../src/watch/progress.js";
import { PlainView } from "../../src/watch/view/plain.js";
import { aStage, aStageEvent, aStep, start } from "./a-run.js";

/** A server that knows one stage `s` with the step `s.a`, and tells of these events and the end. */
function aClient(events: readonly { readonly status: string; readonly attempt: number }[]): Client {
  const ok = <T>(value: T) => Promise.resolve({ reason: "ok", status: 200, value } as const);
  const list = (data: readonly object[]) => ok({ data, pagination: { nextCursor: null } });
  const detail = { ...aStep("s.a", "a"), attempt: 2, stdout: "second\n", stderr: "" };
  return {
    runs: { get: () => ok({ status: "completed" }) },
    steps: {
      stages: () => list([aStage("s", 1)]),
      list: () => list([aStep("s.a", "a")]),
      get: () => ok(detail),
    },
    async *followRun(): AsyncGenerator<Followed> {
      yield { reason: "event", event: aStageEvent("s", "running") };
      for (const [index, { status, attempt }] of events.entries()) {
        const event = {
          id: `2.${index}`,
          at: start + index,
          type: "step",
          data: { id: "s.a", status, attempt },
        } as const;
        yield { reason: "event", event };
      }
      yield { reason: "event", event: aStageEvent("s", "completed", start + 100) };
      yield { reason: "end", status: await Promise.resolve("completed" as const) };
    },
  } as unknown as Client;
}

describe("following a run", () => {
  it("tells each end as it was, although the step has been tried again before it is told", async () => {
    const lines: string[] = [];
    const progress = new Progress("flow", start);
    const view = new PlainView((line) => lines.push(line), progress, painter(null));
    const client = aClient([
      { status: "running", attempt: 1 },
      { status: "failed", attempt: 1 },
      { status: "pending", attempt: 1 },
      { status: "running", attempt: 2 },
      { status: "completed", attempt: 2 },
    ]);
    const { signal } = new AbortController();
    const over = await new Follower({ client, runId: "r", progress, view, signal }).untilOver();
    expect(over).to.deep.equal({ reason: "over", run: { status: "completed" } });
    expect(lines).to.deep.equal([
      "  ✘ s.a (1 ms)",
      "  ✔ s.a (attempt 2) (1 ms): second",
      "✔ stage s (100 ms)",
    ]);
  });
});
