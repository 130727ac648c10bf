import {
  Ability,
  Event,
  ExitFlag,
  killReasons,
  type ExitReport,
  type KnownAttempt,
  type LauncherEvent,
} from "./frames.js";

/** In place of a user id. */
const NOT_KNOWN = 0xffffffff;

/** Turns a frame of a launcher into an event; null for a type that this engine does not know. */
export function decodeEvent(type: number, body: Buffer): LauncherEvent | null {
  switch (type) {
    case Event.exited:
      return { type: "exited", report: decodeExit(body) };
    case Event.started:
      return { type: "started", id: u32(body, 0), pid: u32(body, 4), startTicks: body.readDoubleLE(8) };
    case Event.notStarted:
      return { type: "not_started", id: u32(body, 0), errno: u32(body, 4), stage: u32(body, 8) };
    case Event.output: {
      const stream = u32(body, 4) === 1 ? "stdout" : "stderr";
      return {
        type: "output",
        id: u32(body, 0),
        stream,
        offset: body.readDoubleLE(8),
        chunk: body.subarray(16),
      };
    }
    case Event.ready:
      return decodeReady(body);
    case Event.known:
      return { type: "known", attempt: decodeKnown(body) };
    case Event.listed:
      return { type: "listed", lastId: u32(body, 0), mark: strings(body, 4)[0] ?? "" };
    case Event.owned:
      return { type: "owned", question: u32(body, 0), uid: u32(body, 4) === NOT_KNOWN ? null : u32(body, 4) };
    case Event.generation:
      return { type: "generation", generation: u32(body, 0) };
    default:
      return null;
  }
}

function decodeReady(body: Buffer): LauncherEvent {
  const abilities = body.length < 16 ? 0 : u32(body, 12);
  return {
    type: "ready",
    version: u32(body, 0),
    pid: u32(body, 4),
    contained: u32(body, 8) === 1,
    tellsOwners: (abilities & Ability.tellsOwners) !== 0,
    keepsWaiting: (abilities & Ability.keepsWaiting) !== 0,
  };
}

function decodeExit(body: Buffer): ExitReport {
  const stdoutKept = u32(body, 48);
  const stderrAt = 68 + stdoutKept;
  return {
    id: u32(body, 0),
    status: u32(body, 4),
    hasOutput: (u32(body, 8) & ExitFlag.hasOutput) !== 0,
    fenced: (u32(body, 8) & ExitFlag.fenced) !== 0,
    durationUs: body.readDoubleLE(12),
    cpuUs: body.readDoubleLE(20),
    maxRssBytes: body.readDoubleLE(28),
    stdout: { bytes: body.readDoubleLE(36), head: u32(body, 44), kept: body.subarray(68, stderrAt) },
    stderr: {
      bytes: body.readDoubleLE(52),
      head: u32(body, 60),
      kept: body.subarray(stderrAt, stderrAt + u32(body, 64)),
    },
  };
}

function decodeKnown(body: Buffer): KnownAttempt {
  const [attemptKey = "", outputPath = ""] = strings(body, 32);
  return {
    id: u32(body, 0),
    pid: u32(body, 4),
    startTicks: body.readDoubleLE(8),
    ranUs: body.readDoubleLE(16),
    killedBy: killReasons[u32(body, 24) - 1] ?? null,
    state: u32(body, 28),
    attemptKey,
    outputPath,
  };
}

function strings(body: Buffer, at: number): string[] {
  return body.toString("utf8", at).split("\0");
}

function u32(body: Buffer, at: number): number {
  return body.readUInt32LE(at);
}
