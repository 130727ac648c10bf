import { leftOutMark } from "@maxq/core";
import type { StreamWriter } from "../../answer/answer.js";
import { isUnavailable } from "../../answer/failure.js";
import type { Services } from "../../app/services.js";

/** Which output to follow. Without `attempt`, that of the attempt that runs, or the next one of a step that waits. */
export interface Followed {
  readonly runId: string;
  readonly stepId: string;
  readonly stream: "stdout" | "stderr";
  readonly attempt: number | undefined;
}

/** Beyond this a slow reader misses the oldest of what it has not read, because output never waits for readers. One chunk, such as all that was kept before it joined, may be larger. */
const mostHeldBytes = 1024 * 1024;

/**
 * Writes what a script has written so far and then, live, what it writes, while it runs in this process; otherwise, when it has ended, what was captured of it.
 * Waits for a step that has not started, and for a database that is away.
 */
export async function followOutput(
  followed: Followed,
  writer: StreamWriter,
  services: Services,
): Promise<"whole" | "cut off"> {
  const watch = services.changes.watch(followed.runId);
  try {
    while (!writer.signal.aborted) {
      try {
        const written = await writeOutput(followed, writer, services);
        if (written !== null) return written;
      } catch (thrown) {
        // Nothing was written: the database is asked before.
        if (!isUnavailable(thrown)) throw thrown;
      }
      await watch.next(writer.signal);
    }
    return "cut off";
  } finally {
    watch.close();
  }
}

/** Writes the output if the attempt has ended, or runs here, or there is no such step; null: it is to be looked at again. */
async function writeOutput(
  followed: Followed,
  writer: StreamWriter,
  services: Services,
): Promise<"whole" | "cut off" | null> {
  const { runId, stepId, stream } = followed;
  const found = await services.store.getStep(runId, stepId);
  if (found === null) return "whole";
  const { step } = found;
  const attempt = followed.attempt ?? step.attempt;
  if (attempt < step.attempt || (step.status !== "running" && step.status !== "pending")) {
    const output =
      attempt === step.attempt ? found.output : await services.store.stepOutput(runId, stepId, attempt);
    await writer.write(output?.[stream] ?? "");
    return "whole";
  }
  return step.status === "running" && attempt === step.attempt
    ? followLive(followed, writer, services)
    : null;
}

/** A chunk, and how many bytes before it are lost to this reader. */
interface Piece {
  readonly chunk: Buffer;
  leftOut: number;
}

/** What has come and was not written yet. */
interface Backlog {
  pieces: Piece[];
  bytes: number;
  ended: boolean;
  wake: () => void;
}

/** Whether the script was followed to its end; null if none of that step runs here. */
async function followLive(
  { runId, stepId, stream }: Followed,
  writer: StreamWriter,
  { liveOutput }: Services,
): Promise<"whole" | "cut off" | null> {
  const backlog: Backlog = { pieces: [], bytes: 0, ended: false, wake: () => undefined };
  const stop = liveOutput?.follow(
    runId,
    stepId,
    (from, chunk, leftOut) => {
      if (from === stream) keep(backlog, { chunk, leftOut });
    },
    () => {
      backlog.ended = true;
      backlog.wake();
    },
  );
  if (stop === undefined || stop === null) return null;
  const wake = (): void => backlog.wake();
  writer.signal.addEventListener("abort", wake);
  try {
    return await writeBacklog(backlog, writer);
  } finally {
    writer.signal.removeEventListener("abort", wake);
    stop();
  }
}

function keep(backlog: Backlog, piece: Piece): void {
  const { pieces } = backlog;
  pieces.push(piece);
  backlog.bytes += piece.chunk.length;
  while (backlog.bytes > mostHeldBytes && pieces.length > 1) {
    const { chunk, leftOut } = pieces.shift()!;
    backlog.bytes -= chunk.length;
    pieces[0]!.leftOut += leftOut + chunk.length;
  }
  backlog.wake();
}

/** Writes what comes until the script has ended or the reader takes no more. */
async function writeBacklog(backlog: Backlog, writer: StreamWriter): Promise<"whole" | "cut off"> {
  while (!writer.signal.aborted) {
    const { pieces, ended } = backlog;
    backlog.pieces = [];
    backlog.bytes = 0;
    if (pieces.length > 0) {
      if (!(await writer.write(Buffer.concat(pieces.flatMap(written))))) return "cut off";
    } else if (ended) {
      return "whole";
    } else {
      await new Promise<void>((resolve) => (backlog.wake = resolve));
    }
  }
  return "cut off";
}

function written({ chunk, leftOut }: Piece): readonly Buffer[] {
  return leftOut > 0 ? [Buffer.from(leftOutMark(leftOut)), chunk] : [chunk];
}
