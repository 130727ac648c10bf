/**
 * The Node launcher: the frames of the native one, from a small process of its own, with less containment: it is no
 * sub-reaper and has no PDEATHSIG, so processes that leave their group outlive their script, and it knows neither
 * CPU time nor memory. Node's pipes are sockets, so scripts cannot open /dev/stdout and /dev/stderr by name. Run as a program; nothing imports it.
 */
import { FrameReader } from "../frame-reader.js";
import { FrameWriter } from "../frame-writer.js";
import { Event, PROTOCOL_VERSION, Request } from "../frames.js";
import { LaunchedChild } from "./child.js";
import { Fence } from "./fence.js";
import { FrameQueue } from "./queue.js";
import { readStart } from "./requests.js";

const queue = new FrameQueue(process.stdout, new FrameWriter());
const children = new Map<number, LaunchedChild>();
const fence = new Fence(() => {
  for (const child of children.values()) child.fence();
});
let baseEnv: readonly string[] = [];
let closing = false;

function handle(type: number, body: Buffer): void {
  switch (type) {
    case Request.hello:
      baseEnv = strings(body.subarray(8)).slice(2); // the mark comes back with each start; this launcher is never adopted
      queue.frame(Event.ready).u32(PROTOCOL_VERSION).u32(process.pid).u32(0).end();
      return;
    case Request.start: {
      const start = readStart(body, baseEnv);
      const child = new LaunchedChild(start, queue, () => {
        children.delete(start.id);
        leaveIfDone();
      });
      children.set(start.id, child);
      if (fence.passed) child.refuse();
      else child.start();
      return;
    }
    case Request.deadline:
      fence.set(body.readDoubleLE(0));
      return;
    case Request.close:
      closeDown();
      return;
    case Request.terminate:
      children.get(body.readUInt32LE(0))?.terminate(body.readUInt32LE(4));
      return;
    case Request.owner:
      // It cannot tell, but that it lives.
      queue.frame(Event.owned).u32(body.readUInt32LE(0)).u32(0xffffffff).end();
      return;
    case Request.follow:
      children.get(body.readUInt32LE(0))?.follow(body.readUInt32LE(4) === 1);
  }
}

function strings(block: Buffer): string[] {
  return block.toString("utf8").split("\0").slice(0, -1);
}

/** The engine is gone, or wants us to go; both are said. */
function closeDown(): void {
  if (closing) return;
  closing = true;
  for (const child of children.values()) child.terminate(0);
  leaveIfDone();
}

function leaveIfDone(): void {
  if (!closing || children.size > 0) return;
  queue.flush();
  process.stdout.end(() => process.exit(0));
  setTimeout(() => process.exit(0), 1000).unref();
}

for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.on(signal, () => {});
process.stdout.on("error", closeDown);
const reader = new FrameReader(handle);
process.stdin.on("data", (chunk: Buffer) => reader.push(chunk));
process.stdin.on("end", closeDown);
process.stdin.on("error", closeDown);
