/** Long polls, and the output of a script while it runs. */
import { until } from "@maxq/test-kit";
import { expect } from "chai";
import { request } from "node:http";
import { heard, say, says, waits } from "../control/signals.js";
import { onEachDatabase } from "../system/databases.js";

/** What came so far of an answer that goes on. */
function follow(url: string): { text: () => string; ended: () => boolean } {
  let text = "";
  let ended = false;
  request(url, { agent: false }, (response) => {
    response.setEncoding("utf8");
    response.on("data", (more: string) => (text += more));
    response.on("close", () => (ended = true));
  }).end();
  return { text: () => text, ended: () => ended };
}

onEachDatabase("waiting", {}, (system) => {
  const single = { stage: "s", final: true, steps: [{ id: "it", name: "it" }] };
  const output = (runId: string, query: string) =>
    `${system.server.url}/api/v1/runs/${runId}/steps/it/output?${query}`;

  it("`?wait=` answers as soon as the status has changed, and at once when the run is over", async () => {
    const { api } = system.server;
    const runId = await api.trigger(
      system.flows.stage("waits", single, { it: `${says("up")}; ${waits("go")}` }),
    );
    await heard(system, runId, "up");
    let answered = false;
    const waiting = api.get(`/runs/${runId}?wait=30`).finally(() => (answered = true));
    const begun = performance.now();
    expect((await api.get(`/runs/${runId}?wait=0`)).body.status).to.equal("running");
    expect((await api.get(`/runs/${runId}?wait=1`)).body.status).to.equal("running");
    expect(performance.now() - begun).to.be.above(950);
    expect(answered).to.equal(false);
    say(system, runId, "go");
    expect((await waiting).body.status).to.equal("completed");
    const again = performance.now();
    expect((await api.get(`/runs/${runId}?wait=30`)).body.status).to.equal("completed");
    expect(performance.now() - again, "it is not waited for").to.be.below(25_000);
  });

  it("`follow` brings what a script printed before, then what it prints while it prints it, and ends with it", async () => {
    const { api } = system.server;
    const script = `echo first; echo oops >&2; ${says("up")}; ${waits("more")}; echo second; ${waits("go")}; echo end`;
    const runId = await api.trigger(system.flows.stage("prints", single, { it: script }));
    await heard(system, runId, "up");
    const stdout = follow(output(runId, "follow=true"));
    const stderr = follow(output(runId, "follow&stream=stderr"));
    await until("both bring what there was", () => stdout.text() !== "" && stderr.text() !== "");
    say(system, runId, "more");
    await until("what is new comes, too", () => stdout.text() === "first\nsecond\n");
    const later = follow(output(runId, "follow=true"));
    await until("one who comes later has it all", () => later.text() === "first\nsecond\n");
    expect((await api.step(runId, "it")).status).to.equal("running");
    expect([stdout.ended(), stderr.ended(), later.ended()]).to.deep.equal([false, false, false]);
    say(system, runId, "go");
    await until("they end", () => stdout.ended() && stderr.ended() && later.ended());
    expect(stderr.text()).to.equal("oops\n");

    await api.ended(runId);
    const last = follow(output(runId, "follow=true"));
    await until("it is answered", () => last.ended());
    const captured = (await api.get(`/runs/${runId}/steps/it/output?attempt=1`)).body as string;
    for (const reader of [stdout, later, last]) expect(reader.text()).to.equal("first\nsecond\nend\n");
    expect(captured).to.equal("first\nsecond\nend\n");
  });

  it("`follow` brings all of scripts that end at once", async () => {
    const { api } = system.server;
    const steps = Array.from({ length: 8 }, (_, n) => ({ id: `it${n}`, name: "it" }));
    const flow = system.flows.stage("short", { ...single, steps }, { it: "echo $MAXQ_STEP_ID" });
    const runId = await api.trigger(flow);
    await until("they are scheduled", async () => (await api.steps(runId)).length === steps.length);
    const readers = steps.map(({ id }) =>
      follow(`${system.server.url}/api/v1/runs/${runId}/steps/${id}/output?follow`),
    );
    await until("all streams have ended", () => readers.every((reader) => reader.ended()));
    expect(readers.map((reader) => reader.text())).to.deep.equal(steps.map(({ id }) => `${id}\n`));
    await api.ended(runId);
  });

  it("a reader who follows and goes away holds nothing up", async () => {
    const { api } = system.server;
    const script = `${says("up")}; ${waits("go")}; head -c 3000000 /dev/zero | tr '\\0' x; echo done`;
    const runId = await api.trigger(system.flows.stage("much", single, { it: script }));
    await heard(system, runId, "up");
    const readers = Array.from({ length: 5 }, () => request(output(runId, "follow=true"), { agent: false }));
    await Promise.all(
      readers.map(
        (reader) =>
          new Promise<void>((resolve) =>
            reader
              .on("response", (response) => {
                response.pause();
                resolve();
              })
              .on("error", () => undefined)
              .end(),
          ),
      ),
    );
    readers[0]!.destroy();
    say(system, runId, "go");
    const run = await api.ended(runId);
    expect(run.status).to.equal("completed");
    expect((await api.step(runId, "it")).stdoutBytes).to.equal(3_000_005);
    for (const reader of readers) reader.destroy();
  });
});
