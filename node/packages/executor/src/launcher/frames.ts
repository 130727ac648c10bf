/**
 * Frames between the engine and a launcher, native or Node. A frame is a 32-bit little-endian length of what
 * follows, a type byte, and a body; integers are u32, larger numbers f64, strings end with NUL. Unknown types
 * are skipped, so that either side may be newer. `launcher/launcher.h` mirrors the numbers.
 *
 * | to the launcher | body |
 * |---|---|
 * | hello | version, prefix of the mark, then the environment that all scripts share, `NAME=value` each |
 * | start | id, stdout cap, stderr cap, 0, path, working directory, output path, then the script's own variables |
 * | terminate | id, grace in ms (0: SIGKILL at once) |
 * | follow | id, 1 or 0 |
 * | deadline | ms of the monotonic clock (f64): when it passes and no other has come, everything is killed and starts are refused |
 *
 * | from the launcher | body |
 * |---|---|
 * | ready | version, its pid, 1 if escapees are contained |
 * | started | id, pid, start time in clock ticks since boot (f64) |
 * | not_started | id, errno, stage (0 preparing, 1 chdir, 2 exec, 3 the deadline had passed) |
 * | output | id, stream (1 or 2), bytes |
 * | exited | id, wait status, flags (1 the output file exists, 2 the deadline ended it); f64: µs of wall time, µs of CPU (-1 unknown), peak memory (-1 unknown);
 *   for stdout, then stderr: bytes (f64), length of the head, bytes kept; then what was kept of both |
 *
 * The end of the launcher's stdin means: kill everything, report it, exit.
 */
export const PROTOCOL_VERSION = 2;

/**
 * Variable by which a process that left its group and session is still known as a script's: `<random>.<id>`, after
 * `<owner>.` where the launcher's owner has a name.
 */
export const MARK_VARIABLE = "MAXQ_MARK";

/** The only variable of a launcher: whose it is, so that it is found when its owner has died. */
export const LAUNCHER_VARIABLE = "MAXQ_LAUNCHER_OF";

/** Types of the frames that the engine sends. */
export const Request = { hello: 1, start: 2, terminate: 3, follow: 4, deadline: 5 } as const;

/** Types of the frames that a launcher sends. */
export const Event = { ready: 129, started: 130, notStarted: 131, output: 132, exited: 133 } as const;

/** At which point a start failed. */
export const StartStage = { prepare: 0, chdir: 1, exec: 2, fenced: 3 } as const;

/** What is said about an exit by single bits. */
export const ExitFlag = { hasOutput: 1, fenced: 2 } as const;

/** What a launcher kept of one stream: `head` bytes from its beginning, the rest from its end. */
export interface KeptStream {
  readonly bytes: number;
  readonly head: number;
  readonly kept: Buffer;
}

/** A launcher's account of a script whose whole tree is gone. */
export interface ExitReport {
  readonly id: number;
  /** As `wait4` gives it. */
  readonly status: number;
  readonly hasOutput: boolean;
  /** The deadline ended it. */
  readonly fenced: boolean;
  readonly durationUs: number;
  /** -1: not known. */
  readonly cpuUs: number;
  /** -1: not known. */
  readonly maxRssBytes: number;
  readonly stdout: KeptStream;
  readonly stderr: KeptStream;
}

/** What a launcher says. */
export type LauncherEvent =
  | { readonly type: "ready"; readonly version: number; readonly pid: number; readonly contained: boolean }
  | { readonly type: "started"; readonly id: number; readonly pid: number; readonly startTicks: number }
  | { readonly type: "not_started"; readonly id: number; readonly errno: number; readonly stage: number }
  | {
      readonly type: "output";
      readonly id: number;
      readonly stream: "stdout" | "stderr";
      readonly chunk: Buffer;
    }
  | { readonly type: "exited"; readonly report: ExitReport };
