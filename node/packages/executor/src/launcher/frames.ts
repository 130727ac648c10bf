import type { KillReason } from "@maxq/core";

/**
 * Frames between the engine and a launcher, native or Node. A frame is a 32-bit little-endian length of what
 * follows, a type byte, and a body; integers are u32, larger numbers f64, strings end with NUL. Unknown types
 * are skipped, so that either side may be newer. `launcher/launcher.h` mirrors the numbers.
 *
 * | to the launcher | body |
 * |---|---|
 * | hello | version, 1 from a successor; prefix of the mark, the directory where a successor finds the launcher (empty: it ends with its engine; both are ignored of a successor), then the environment that all scripts share, `NAME=value` each |
 * | start | id, stdout cap, stderr cap, bound in the low half and generation in the high one, path, working directory, output path, attempt key, then the script's own variables |
 * | terminate | id, grace in ms (0: SIGKILL at once), reason (its place in `killReasons`, from 1); one that waits is withdrawn |
 * | follow | id, 1 or 0; 1 is answered with what is kept so far, as `output`, from 0 on, and then comes what is written, until 0 |
 * | deadline | ms of the monotonic clock (f64): when it passes and no other has come, everything is killed and starts are refused |
 * | forget | ids of attempts whose outcomes are recorded, or wanted by nobody |
 * | lost | id, attempt key, output path of one that a launcher before this one had when it died |
 * | resume | a successor has taken what it wants, and hears of exits from now on, those before included |
 * | owner | number of the question, port of one end of a TCP connection of this host, port of the other; their addresses, as text: whose is the one? Where they are none the answer, not known, says that the launcher runs |
 * | withdraw | ids; those that wait are not started, of others nothing is said |
 * | close | kill everything, report it, exit; in every version |
 *
 * | from the launcher | body |
 * |---|---|
 * | ready | version, its pid, 1 if escapees are contained, what it can do beside (`Ability`; of older ones missing); to a successor at once, in every version |
 * | started | id, pid, start time in clock ticks since boot (f64) |
 * | not_started | id, errno, stage (0 preparing, 1 chdir, 2 exec, 3 the deadline had passed, 4 withdrawn) |
 * | output | id, stream (1 or 2), offset in the stream (f64), bytes. Of each stream, one at 0 answers `follow`, maybe without bytes; where something is left out, the next one leaps |
 * | exited | id, wait status, flags (1 the output file exists, 2 the deadline ended it); f64: µs of wall time, µs of CPU (-1 unknown), peak memory (-1 unknown);
 *   for stdout, then stderr: bytes (f64), length of the head, bytes kept; then what was kept of both |
 * | known | id, pid, start time (f64), µs since the start (f64), reason of a kill or 0, state (0 runs, 1 has ended, 2 lost with a launcher before), attempt key, output path |
 * | listed | the highest id given, prefix of the mark: a successor was told of all that is known |
 * | owned | number of the question, user id; 2³² - 1: not known |
 * | generation | its number: a script with a bound went wrong, what comes next says which |
 *
 * A start with a bound other than 0 waits, where the launcher keeps scripts waiting (`Ability`), as long as so many or more with a bound run, or another waits before it;
 * elsewhere it begins at once. All that waits is withdrawn, right after the end that is the reason, once a script with a bound does not exit with 0, cannot be started, or
 * was told to end. Such an end begins a generation, of 16 bits, from 0 with each engine; a start with a bound that tells of another one was sent before that end was heard
 * of, and is withdrawn, too. At the deadline what waits is refused like a start, and it is dropped when the engine is gone. See launcher/waiting.c.
 *
 * The end of the launcher's input means the same as `close`, unless it may be adopted and has a deadline: then it goes on without an engine, and whoever connects to
 * `launcher.sock` is the next one. See docs/decisions/adoption.md.
 */
export const PROTOCOL_VERSION = 4;

/**
 * Variable by which a process that left its group and session is still known as a script's: `<random>.<id>`, after
 * `<owner>.` where the launcher's owner has a name.
 */
export const MARK_VARIABLE = "MAXQ_MARK";

/** Variable of a launcher: whose it is, so that it is found when its owner has died. */
export const LAUNCHER_VARIABLE = "MAXQ_LAUNCHER_OF";

/** Beside it, 1, where the launcher goes on when its engine has died. */
export const OUTLIVES_VARIABLE = "MAXQ_LAUNCHER_OUTLIVES";

/** Types of the frames that the engine sends. */
export const Request = {
  hello: 1,
  start: 2,
  terminate: 3,
  follow: 4,
  deadline: 5,
  forget: 6,
  close: 7,
  lost: 8,
  resume: 9,
  owner: 10,
  withdraw: 11,
} as const;

/** Types of the frames that a launcher sends. */
export const Event = {
  ready: 129,
  started: 130,
  notStarted: 131,
  output: 132,
  exited: 133,
  known: 134,
  listed: 135,
  owned: 136,
  generation: 137,
} as const;

/** Why a script is being ended, as the launcher remembers it: numbers from 1. */
export const killReasons: readonly KillReason[] = ["abort", "timeout", "drain", "fence"];

/** How an attempt stands that a launcher tells a successor of. */
export const KnownState = { running: 0, ended: 1, lost: 2 } as const;

/** At which point a start failed. */
export const StartStage = { prepare: 0, chdir: 1, exec: 2, fenced: 3, withdrawn: 4 } as const;

/** What a launcher can do that others of its version cannot, by single bits. */
export const Ability = { tellsOwners: 1, keepsWaiting: 2 } as const;

/** What is said about an exit by single bits. */
export const ExitFlag = { hasOutput: 1, fenced: 2 } as const;

/** An attempt that a launcher tells a successor of. */
export interface KnownAttempt {
  readonly id: number;
  /** 0 where it does not run. */
  readonly pid: number;
  readonly startTicks: number;
  readonly ranUs: number;
  readonly killedBy: KillReason | null;
  /** See `KnownState`. */
  readonly state: number;
  readonly attemptKey: string;
  readonly outputPath: string;
}

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
  | {
      readonly type: "ready";
      readonly version: number;
      readonly pid: number;
      readonly contained: boolean;
      readonly tellsOwners: boolean;
      readonly keepsWaiting: boolean;
    }
  | { readonly type: "started"; readonly id: number; readonly pid: number; readonly startTicks: number }
  | { readonly type: "not_started"; readonly id: number; readonly errno: number; readonly stage: number }
  | {
      readonly type: "output";
      readonly id: number;
      readonly stream: "stdout" | "stderr";
      /** Bytes of the stream before this chunk. */
      readonly offset: number;
      readonly chunk: Buffer;
    }
  | { readonly type: "exited"; readonly report: ExitReport }
  | { readonly type: "known"; readonly attempt: KnownAttempt }
  | { readonly type: "listed"; readonly lastId: number; readonly mark: string }
  | { readonly type: "generation"; readonly generation: number }
  | { readonly type: "owned"; readonly question: number; readonly uid: number | null };
