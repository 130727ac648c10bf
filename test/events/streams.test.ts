/** The stream of a run: who reads it misses nothing and sees nothing twice, and holds nobody up. */
import { createClient } from "@maxq/client";
import { until } from "@maxq/test-kit";
import { expect } from "chai";
import { heard, say, says, waits } from "../control/signals.js";
import { onEachDatabase } from "../system/databases.js";
import { Reader } from "./reader.js";

const key = "the-key-of-this-server";

onEachDatabase("events", { env: { MAXQ_API_KEY: key } }, (system) => {
  const api = () => system.server.api.as(key);
  const open = (runId: string, headers = {}) =>
    Reader.open(`${system.server.url}/api/v1/runs/${runId}/events`, {
      authorization: `Bearer ${key}`,
      ...headers,
    });
  /** A flow whose first step waits for `go`; `count` more follow it. */
  const flow = (name: string, count: number) =>
    system.flows.stage(
      name,
      {
        stage: "s",
        final: true,
        steps: [
          { id: "first", name: "first" },
          { name: "it", instances: count, dependsOn: ["first"] },
        ],
      },
      { first: `${says("up")}; ${waits("go")}`, it: ":" },
    );

  it("200 readers, one of them stalled, all see everything, and the run is not held up", async () => {
    const runId = await api().trigger(flow("wide", 100));
    await heard(system, runId, "up");
    const readers = await Promise.all(Array.from({ length: 200 }, () => open(runId)));
    const [stalled, ...others] = readers;
    stalled!.stall();
    for (let n = 0; n < 10; n++) await api().post(`/runs/${runId}/logs`, { message: "x".repeat(1000) });
    say(system, runId, "go");
    const run = await api().ended(runId);
    expect(run.status).to.equal("completed");
    await Promise.all(others.map((reader) => reader.ended));
    const seen = others.map((reader) => reader.messages.map(({ id, event }) => `${id} ${event}`).join("\n"));
    expect(new Set(seen).size, "different streams").to.equal(1);
    expect(others[0]!.isComplete).to.equal(true);
    const completed = others[0]!.events.filter(
      ({ event, data }) => event === "step" && data.data.status === "completed",
    );
    expect(completed).to.have.length(101);
    stalled!.cutOff();
  });

  it("a reader that is cut off again and again misses nothing and sees nothing twice", async () => {
    const runId = await api().trigger(flow("cut", 30));
    await heard(system, runId, "up");
    const whole = await open(runId);
    const seen: string[] = [];
    let last: Record<string, string> = {};
    say(system, runId, "go");
    for (let cuts = 0; ; cuts++) {
      const reader = await open(runId, last);
      // Two events more, or the end.
      await until("something came", () => reader.messages.length >= 2 || reader.isComplete);
      const taken = reader.isComplete ? reader.events : reader.events.slice(0, 2);
      seen.push(...taken.map(({ id }) => id!));
      if (reader.isComplete) break;
      reader.cutOff();
      last = { "last-event-id": seen.at(-1)! };
      expect(cuts).to.be.below(500);
    }
    await whole.ended;
    expect(seen).to.deep.equal(whole.events.map(({ id }) => id));
    expect(new Set(seen).size).to.equal(seen.length);
    const later = await open(runId);
    await later.ended;
    expect(later.messages).to.deep.equal(whole.messages);
  });

  it("events come in the order of their commits: each state once, what depends after what it depends on", async () => {
    const runId = await api().trigger(flow("ordered", 20));
    await heard(system, runId, "up");
    const writers = Array.from({ length: 8 }, async (_, w) => {
      for (let n = 0; n < 10; n++) await api().post(`/runs/${runId}/logs`, { message: `${w} ${n}` });
    });
    const reader = await open(runId);
    await Promise.all(writers);
    say(system, runId, "go");
    await api().ended(runId);
    await reader.ended;
    const lines = reader.events
      .filter(({ event }) => event === "log")
      .map(({ data }) => data.data.message as string);
    for (let w = 0; w < 8; w++)
      expect(lines.filter((line) => line.startsWith(`${w} `))).to.deep.equal(
        Array.from({ length: 10 }, (_, n) => `${w} ${n}`),
      );
    const states = reader.events
      .filter(({ event }) => event === "step")
      .map(({ data }) => `${data.data.id} ${data.data.status}`);
    expect(new Set(states).size).to.equal(states.length);
    for (let n = 0; n < 20; n++)
      expect(states.indexOf(`s.it.${n} running`)).to.be.above(states.indexOf("first completed"));
    const last = reader.events.at(-1)!;
    expect([last.event, last.data.data.status]).to.deep.equal(["run", "completed"]);
  });

  it("the client of the project follows a run to its end", async () => {
    const client = createClient({ baseUrl: system.server.url, apiKey: key });
    const started = await client.runs.create(flow("followed", 3));
    if (started.reason !== "ok") throw new Error(JSON.stringify(started));
    say(system, started.value.id, "go");
    const ids: string[] = [];
    let end = "";
    for await (const next of client.followRun(started.value.id)) {
      if (next.reason === "event") ids.push(next.event.id);
      else end = JSON.stringify(next);
    }
    expect(end).to.equal(JSON.stringify({ reason: "end", status: "completed" }));
    expect(new Set(ids).size).to.equal(ids.length).and.be.above(10);
  });

  it("without the key, and of a run that is not there, there is no stream", async () => {
    const runId = await api().trigger(flow("secret", 1));
    expect((await system.server.api.get(`/runs/${runId}/events`)).status).to.equal(401);
    const wrong = await api().get(`/runs/${runId.replace(/.$/, (c) => (c === "0" ? "1" : "0"))}/events`);
    expect([wrong.status, wrong.body.code]).to.deep.equal([404, "RUN_NOT_FOUND"]);
    say(system, runId, "go");
    await api().ended(runId);
  });
});
