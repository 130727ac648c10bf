import type { Client, Followed } from "@maxq/client";
import type { RunEvent } from "@maxq/core";
import { Outlet } from "../../src/print/outlet.js";
import { expect } from "chai";
import { Writable } from "node:stream";
import { painter } from "../../src/print/paint.js";
import { LogLines } from "../../src/runs/log-lines.js";
import { printRunLogs } from "../../src/runs/run-logs.js";

const claimed = { status: "running", attempt: 1 };
const returned = { status: "pending", attempt: 0, reason: "released" };
const completed = { status: "completed", attempt: 1 };

/** A server that tells so many events of step `s.a` as what has happened yet, and the others as they come; attempt 1 printed one line. */
function aClient(all: readonly object[], past: number, answers: string[] = ["once\n"]): Client {
  const events = all.map((data, at) => ({ id: `1.${at}`, at, type: "step", data: { id: "s.a", ...data } }));
  return {
    steps: { output: () => Promise.resolve({ reason: "ok", value: new Blob(answers).stream() }) },
    async *followRun(_runId: string, { toEnd = true } = {}): AsyncGenerator<Followed> {
      const told = toEnd ? events.slice(past) : events.slice(0, past);
      for (const event of told) yield { reason: "event", event: event as unknown as RunEvent };
      yield { reason: "end", status: await Promise.resolve("completed" as const) };
    },
    async *followOutput(): AsyncGenerator<Uint8Array> {
      // One that has been told nothing was waiting for a script that never came.
      yield await Promise.resolve(Buffer.from(answers.length > 1 ? answers.shift()! : answers[0]!));
    },
  } as unknown as Client;
}

/** What is printed of stdout, line by line. */
async function printed(client: Client, follow: boolean): Promise<string[]> {
  const chunks: string[] = [];
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => done((chunks.push(chunk.toString()), null)),
  }) as unknown as NodeJS.WriteStream;
  const outlet = new Outlet(stream);
  const lines = new LogLines(outlet, painter(null));
  await printRunLogs({ client, runId: "r", streams: ["stdout"], lines, closed: outlet.closed }, follow);
  return chunks.join("").trimEnd().split("\n");
}

describe("the logs of a run", () => {
  const all = [claimed, returned, claimed, returned, claimed, completed];

  it("have the output of an attempt once that was claimed and handed back before it started", async () => {
    expect(await printed(aClient(all, all.length), false)).to.deep.equal(["s.a | once"]);
  });

  it("have it once when they are followed, whenever the follower joined", async () => {
    for (const past of all.keys())
      expect(await printed(aClient(all, past), true), `joined at ${past}`).to.deep.equal(["s.a | once"]);
  });

  it("have it where the follower's first question ended before the attempt started", async () => {
    expect(await printed(aClient(all, 0, ["", "once\n"]), true)).to.deep.equal(["s.a | once"]);
  });
});
