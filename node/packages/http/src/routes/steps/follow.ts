import type { StreamWriter } from "../../answer/answer.js";
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
 * Waits for a step that has not started.
 */
export async function followOutput(
  followed: Followed,
  writer: StreamWriter,
  services: Services,
): Promise<void> {
  const { runId, stepId, stream } = followed;
  const watch = services.changes.watch(runId);
  try {
    while (!writer.signal.aborted) {
      const found = await services.store.getStep(runId, stepId);
      if (found === null) return;
      const { step } = found;
      const attempt = followed.attempt ?? step.attempt;
      if (attempt < step.attempt || (step.status !== "running" && step.status !== "pending")) {
        const output =
          attempt === step.attempt ? found.output : await services.store.stepOutput(runId, stepId, attempt);
        await writer.write(output?.[stream] ?? "");
        return;
      }
      if (
        step.status === "running" &&
        attempt === step.attempt &&
        (await followLive(followed, writer, services))
      )
        return;
      await watch.next(writer.signal);
    }
  } finally {
    watch.close();
  }
}

/** What has come and was not written yet. */
interface Backlog {
  chunks: Buffer[];
  bytes: number;
  /** Bytes that came before those in `chunks`, and are lost to this reader. */
  missed: number;
  ended: boolean;
  wake: () => void;
}

/** Whether the step ran here and was followed to its end. */
async function followLive(
  { runId, stepId, stream }: Followed,
  writer: StreamWriter,
  { liveOutput }: Services,
): Promise<boolean> {
  const backlog: Backlog = { chunks: [], bytes: 0, missed: 0, ended: false, wake: () => undefined };
  const stop = liveOutput?.follow(
    runId,
    stepId,
    (from, chunk) => {
      if (from === stream) keep(backlog, chunk);
    },
    () => {
      backlog.ended = true;
      backlog.wake();
    },
  );
  if (stop === undefined || stop === null) return false;
  const wake = (): void => backlog.wake();
  writer.signal.addEventListener("abort", wake);
  try {
    await writeBacklog(backlog, writer);
  } finally {
    writer.signal.removeEventListener("abort", wake);
    stop();
  }
  return true;
}

function keep(backlog: Backlog, chunk: Buffer): void {
  backlog.chunks.push(chunk);
  backlog.bytes += chunk.length;
  while (backlog.bytes > mostHeldBytes && backlog.chunks.length > 1) {
    const { length } = backlog.chunks.shift()!;
    backlog.bytes -= length;
    backlog.missed += length;
  }
  backlog.wake();
}

/** Writes what comes until the script has ended or the reader takes no more. */
async function writeBacklog(backlog: Backlog, writer: StreamWriter): Promise<void> {
  while (!writer.signal.aborted) {
    const { chunks, missed, ended } = backlog;
    backlog.chunks = [];
    backlog.bytes = backlog.missed = 0;
    if (chunks.length > 0) {
      if (missed > 0) chunks.unshift(Buffer.from(`\n[… ${missed} bytes left out …]\n`));
      if (!(await writer.write(Buffer.concat(chunks)))) return;
    } else if (ended) {
      return;
    } else {
      await new Promise<void>((resolve) => (backlog.wake = resolve));
    }
  }
}
