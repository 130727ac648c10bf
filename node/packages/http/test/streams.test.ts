import { expect } from "chai";
import { once } from "node:events";
import type { IncomingMessage } from "node:http";
import type { LiveOutput, OutputListener, StepOutput } from "@maxq/core";
import type { Store } from "@maxq/db";
import { forEachDatabase, until } from "@maxq/test-kit";
import { begin, receive, type Parsed } from "./http.js";
import { aServer, type TestServer } from "./server.js";

interface Event {
  readonly id: string;
  readonly event: string;
  readonly data: Parsed;
}

function eventsIn(text: string): Event[] {
  const blocks = text.split("\n\n").filter((block) => block.includes("event:"));
  return blocks.map((block) => {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, "m").exec(block)?.[1] ?? "";
    return { id: field("id"), event: field("event"), data: JSON.parse(field("data")) };
  });
}

/** Collects what comes. */
function collect(response: IncomingMessage): { text: string } {
  const collected = { text: "" };
  response.on("data", (chunk: Buffer) => (collected.text += chunk.toString()));
  return collected;
}

/** The store, and how many listen on it. */
function counted(store: Store): { readonly store: Store; readonly listeners: () => number } {
  let listeners = 0;
  const onWakeUp: Store["onWakeUp"] = (listener) => {
    const stop = store.onWakeUp(listener);
    listeners++;
    return () => {
      listeners--;
      stop();
    };
  };
  const get = (_: Store, name: string | symbol): unknown =>
    name === "onWakeUp" ? onWakeUp : Reflect.get(store, name);
  return { store: new Proxy(store, { get }), listeners: () => listeners };
}

const get = (url: string, headers: Readonly<Record<string, string>> = {}) =>
  begin(url, { method: "GET", headers });

describe("streams", () => {
  forEachDatabase((openStore) => {
    let server: TestServer;
    let listeners: () => number;
    before(async () => {
      const store = counted(await openStore());
      listeners = store.listeners;
      server = await aServer(store.store, { readerPatienceMs: 200 });
    });
    after(() => server.close());

    describe("of events", () => {
      it("come in order as they happen, and end with the run", async () => {
        const id = await server.aRun();
        const response = await get(`${server.url}/api/v1/runs/${id}/events`);
        expect(response.headers["content-type"]).to.equal("text/event-stream; charset=utf-8");
        const ended = once(response, "end");
        const collected = collect(response);
        await until("the first event is there", () => collected.text.includes("event: run"));
        await server.post(`/runs/${id}/logs`, { message: "now" });
        await until("the log line is there", () => collected.text.includes("event: log"));
        await server.post(`/runs/${id}/abort`);
        await ended;
        const events = eventsIn(collected.text);
        expect(events.at(-1)).to.deep.include({ event: "end", data: { status: "aborted" } });
        expect(events.at(-2)!.data).to.deep.include({ type: "run", data: { status: "aborted" } });
        expect(events.slice(0, -1).every(({ id, data }) => id === data.id)).to.equal(true);
      });

      it("go on after Last-Event-ID without a gap or a repeat", async () => {
        const id = await server.aRun();
        for (let n = 0; n < 5; n++) await server.post(`/runs/${id}/logs`, { message: `line ${n}` });
        await server.post(`/runs/${id}/abort`);
        const url = `${server.url}/api/v1/runs/${id}/events`;
        const all = eventsIn((await receive(await get(url))).text).slice(0, -1);
        expect(new Set(all.map(({ id }) => id)).size).to.equal(all.length);
        for (const [index, { id: seen }] of all.entries()) {
          const rest = eventsIn((await receive(await get(url, { "Last-Event-ID": seen }))).text).slice(0, -1);
          expect(rest).to.deep.equal(all.slice(index + 1));
        }
      });

      it("end with what there is, where the end of the run is not to be waited for", async () => {
        const id = await server.aRun();
        await server.post(`/runs/${id}/logs`, { message: "now" });
        const { text } = await receive(await get(`${server.url}/api/v1/runs/${id}/events?follow=false`));
        const events = eventsIn(text);
        expect(events.at(-1)).to.deep.include({ event: "end", data: { status: "pending" } });
        expect(events.at(-2)!.data).to.deep.include({ type: "log" });
        await server.post(`/runs/${id}/abort`);
      });

      it("cut off a reader that takes nothing, and hold up nobody", async () => {
        const id = await server.aRun();
        // More than the buffers of both sockets hold.
        const log = {
          level: "info",
          message: "x".repeat(500_000),
          entityType: "run",
          entityId: null,
          metadata: null,
        } as const;
        for (let n = 0; n < 40; n++) await server.store.appendLog(id, log, null);
        const response = await get(`${server.url}/api/v1/runs/${id}/events`);
        response.pause();
        await until("the server has begun to write", () => response.readableLength > 0);
        // It watches the run for as long as it has patience; meanwhile others are answered.
        await until("the server has given it up", async () => {
          expect((await server.api(`/runs/${id}`)).status).to.equal(200);
          return listeners() === 0;
        });
        const { text } = await receive(response);
        expect(eventsIn(text).at(-1)!.event).to.equal("overflow");
        await server.post(`/runs/${id}/abort`);
      });
    });

    describe("of output", () => {
      it("are what was captured, as text", async () => {
        const id = await server.aRun();
        await server.post(`/runs/${id}/steps`, { stage: "s", steps: [{ name: "greet" }] });
        const output = (query = "") =>
          get(`${server.url}/api/v1/runs/${id}/steps/s.greet/output${query}`).then(receive);
        expect(await output()).to.include({ status: 200, text: "" });
        expect((await output("?attempt=7")).json.code).to.equal("ATTEMPT_NOT_FOUND");
        expect((await output("?stream=both")).json.code).to.equal("INVALID_REQUEST");
        await server.post(`/runs/${id}/abort`);
        expect(await output("?follow")).to.include({ status: 200, text: "" });
      });

      it("of a script that runs here are what it has printed so far, in the step, too", async () => {
        const live = new FakeLiveOutput();
        const here = await aServer(server.store, { liveOutput: live });
        const id = await here.aRun();
        await here.post(`/runs/${id}/steps`, { stage: "s", steps: [{ name: "greet" }] });
        const printed = {
          ...{ stdout: "one\n", stdoutBytes: 4, stdoutTruncated: false },
          ...{ stderr: "oops\n", stderrBytes: 5, stderrTruncated: false },
        };
        live.printed = printed;
        const step = `/runs/${id}/steps/s.greet`;
        expect((await here.api(step)).json).to.deep.include({
          status: "pending",
          stdout: "",
          stdoutBytes: 0,
        });
        await here.claim(id, "step");
        expect((await here.api(step)).json).to.deep.include({ status: "running", ...printed });
        const output = (query = "") => get(`${here.url}/api/v1${step}/output${query}`).then(receive);
        expect(await output()).to.include({ status: 200, text: "one\n" });
        expect(await output("?stream=stderr&attempt=1")).to.include({ status: 200, text: "oops\n" });
        live.printed = null;
        expect((await here.api(step)).json).to.deep.include({ stdout: "", stdoutBytes: 0 });
        await here.close();
      });

      /** The output of a step that runs in a process of its own, and who reads it. */
      async function followed() {
        const live = new FakeLiveOutput();
        const here = await aServer(server.store, { liveOutput: live });
        const id = await here.aRun();
        await here.post(`/runs/${id}/steps`, { stage: "s", steps: [{ name: "greet" }] });
        const following = get(`${here.url}/api/v1/runs/${id}/steps/s.greet/output?follow=true`).then(receive);
        await here.claim(id, "step");
        await until("it is followed", () => live.isFollowed);
        return { live, here, following };
      }

      it("follow a script that runs here until it ends", async () => {
        const { live, here, following } = await followed();
        live.write("stdout", "one\n");
        live.write("stderr", "not this\n");
        live.write("stdout", "two\n");
        live.end();
        expect((await following).text).to.equal("one\ntwo\n");
        expect(live.isFollowed).to.equal(false);
        await here.close();
      });

      it("say where and how much was left out before it came here", async () => {
        const { live, here, following } = await followed();
        live.write("stdout", "head\n");
        live.write("stdout", "tail\n", 100);
        live.write("stdout", "", 7);
        live.end();
        expect((await following).text).to.equal(
          "head\n\n[… 100 bytes left out …]\ntail\n\n[… 7 bytes left out …]\n",
        );
        await here.close();
      });

      it("say how much a slow reader missed, and bring the end", async () => {
        const { live, here, following } = await followed();
        const line = `${"x".repeat(99)}\n`;
        live.write("stdout", line, 1_000_000);
        for (let n = 0; n < 30_000; n++) live.write("stdout", line);
        live.write("stdout", "the end\n");
        live.end();
        const { text } = await following;
        expect(text).to.match(/xx\nthe end\n$/);
        const marks = [...text.matchAll(/\[… (\d+) bytes left out …\]/g)];
        const missed = marks.reduce((sum, [, bytes]) => sum + Number(bytes), 0);
        const read = text.replaceAll(/\n\[… \d+ bytes left out …\]\n/g, "");
        expect(read.length + missed).to.equal(1_000_000 + 30_001 * line.length + "the end\n".length);
        await here.close();
      });
    });

    it("of an attempt that has not been are refused, but for the next one, which is waited for", async () => {
      const id = await server.aRun();
      const call = await server.claim(id);
      const output = (query: string) => server.api(`/runs/${id}/steps/flow:1/output?${query}`);
      expect((await output("attempt=1")).status).to.equal(200);
      for (const query of ["attempt=2", "attempt=3&follow=true", "attempt=9"]) {
        const { status, json } = await output(query);
        expect([status, json?.code], query).to.deep.equal([404, "ATTEMPT_NOT_FOUND"]);
        expect(json.error).to.contain("it has had 1 attempt.");
      }
      const next = await get(`${server.url}/api/v1/runs/${id}/steps/flow:1/output?attempt=2&follow=true`);
      expect(next.statusCode).to.equal(200);
      await server.complete(call);
      expect((await receive(next)).text).to.equal("");
      expect((await output("attempt=2&follow=true")).status).to.equal(404);
    });

    it("of output break off when the server closes: what would come is not there", async () => {
      const live = new FakeLiveOutput();
      const closing = await aServer(server.store, { liveOutput: live });
      const id = await closing.aRun();
      await closing.post(`/runs/${id}/steps`, { stage: "s", steps: [{ name: "greet" }] });
      const response = await get(`${closing.url}/api/v1/runs/${id}/steps/s.greet/output?follow=true`);
      const brokenOff = once(response, "error");
      const collected = collect(response);
      await closing.claim(id, "step");
      await until("it is followed", () => live.isFollowed);
      live.write("stdout", "one\n");
      await until("it comes", () => collected.text === "one\n");
      await closing.close();
      expect(await brokenOff).to.have.nested.property("[0].code", "ECONNRESET");
    });

    it("and long polls end at once when the server closes", async () => {
      const closing = await aServer(server.store);
      const id = await closing.aRun();
      const events = await get(`${closing.url}/api/v1/runs/${id}/events`);
      const ended = once(events, "end");
      const collected = collect(events);
      await until("events come", () => collected.text.includes("event: run"));
      const poll = closing.api(`/runs/${id}?wait=60`);
      await until("the poll has begun", async () => (await server.api(`/runs/${id}`)).status === 200);
      const begun = performance.now();
      // A poll that has not reached the server yet is refused; one that has is answered.
      await Promise.all([closing.close(), ended, poll.catch(() => undefined)]);
      expect(performance.now() - begun).to.be.below(50_000);
    });
  });
});

class FakeLiveOutput implements LiveOutput {
  #listeners: { onChunk: OutputListener; onEnd: () => void } | null = null;

  get isFollowed(): boolean {
    return this.#listeners !== null;
  }

  follow: LiveOutput["follow"] = (_runId, _stepId, onChunk, onEnd) => {
    this.#listeners = { onChunk, onEnd };
    return () => (this.#listeners = null);
  };

  write(stream: "stdout" | "stderr", text: string, leftOut = 0): void {
    this.#listeners?.onChunk(stream, Buffer.from(text), leftOut);
  }

  printed: StepOutput | null = null;
  soFar: LiveOutput["soFar"] = () => Promise.resolve(this.printed);

  end(): void {
    this.#listeners?.onEnd();
  }
}
