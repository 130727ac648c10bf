/**
 * The interface through which the scheduler starts scripts. `executor` implements it; tests may.
 * One script is one attempt of a step, or of a flow call: both go the same way.
 */

/** Why MaxQ ended a process itself. The first reason given for a process wins. */
export type KillReason = "abort" | "timeout" | "drain" | "fence";

/** The name of an attempt, unique among all runs: of its process, its files and its lines in the log. `key` is the step row's. */
export function attemptKey(ref: { readonly key: number; readonly attempt: number }): string {
  return `${ref.key}.${ref.attempt}`;
}

/** Everything that one start of `flow.sh` or `step.sh` needs. */
export interface ScriptStart {
  readonly kind: "flow" | "step";
  readonly runId: string;
  readonly flowName: string;
  /** See `attemptKey`; safe as a file name. */
  readonly attemptKey: string;
  /** 1-based, never reset. */
  readonly attempt: number;
  /** The step's id; of a flow call `flow:<n>`. */
  readonly stepId: string;
  /** The script's name below `steps/`; empty for a flow call. */
  readonly stepName: string;
  /** Empty for a flow call. */
  readonly stageName: string;
  /** 0-based instance number; 0 for a flow call. */
  readonly sequence: number;
  /** Last completed stage, "" on the first call. Only of a flow call. */
  readonly completedStage: string;
  /** The failed stage, else "". Only of a flow call. */
  readonly failedStage: string;
  /** The step's own variables, already validated. */
  readonly env: Readonly<Record<string, string>>;
  /** Value of MAXQ_API. */
  readonly api: string;
  /** Value of MAXQ_API_KEY. */
  readonly apiKey: string;
  /** Terminate after so many ms with reason `timeout`; null: never. */
  readonly timeoutMs: number | null;
  /**
   * A runner that keeps scripts waiting (see `ScriptRunner.keepsWaiting`) begins it while fewer than so many of those with a bound run, and after those with a bound
   * that were started before it; any other begins it at once. Null or not given: at once, and it is not one of those.
   */
  readonly bound?: number | null;
}

/** What was kept of one output stream. */
export interface CapturedStream {
  /** UTF-8 text, at most the cap in bytes, cut between characters; holds the end of the output. Invalid bytes become U+FFFD. */
  readonly text: string;
  /** All bytes the script wrote, kept or not. */
  readonly bytes: number;
  readonly truncated: boolean;
}

/** What a script that runs has written so far. */
export interface OutputSoFar {
  readonly stdout: CapturedStream;
  readonly stderr: CapturedStream;
}

/** How a process ended. */
export type ProcessEnd =
  /** It exited by itself or after a kill; `exitCode` 0–255. */
  | { readonly reason: "exited"; readonly exitCode: number }
  /** A signal ended it; `signal` such as `SIGKILL`. */
  | { readonly reason: "signaled"; readonly signal: string }
  /** It never ran: missing, not executable, bad interpreter, outside the flow's folder. `code` is an error code of `errors.ts`. */
  | {
      readonly reason: "not_started";
      readonly code:
        | "SCRIPT_NOT_FOUND"
        | "SCRIPT_NOT_EXECUTABLE"
        | "SCRIPT_BAD_INTERPRETER"
        | "SCRIPT_OUTSIDE_FLOW"
        | "SCRIPT_NOT_STARTED";
      readonly message: string;
    }
  /** It never ran because this machine could not do its part now: no flows root, no room on the disk, no memory, no processes. Nothing is wrong with the script. */
  | { readonly reason: "unable"; readonly message: string }
  /** It never ran: it was asked back (see `ScriptProcess.withdraw`), or another with a bound went wrong or was ended by MaxQ while it waited. It may be started again. */
  | { readonly reason: "withdrawn" }
  /** The launcher died with it: nobody knows how it ended, but it is dead. */
  | { readonly reason: "lost"; readonly message: string };

/** Everything that is known when a script has ended and its whole process tree is gone. */
export interface ScriptEnd {
  readonly end: ProcessEnd;
  /** Why MaxQ killed it, null if it did not. */
  readonly killedBy: KillReason | null;
  readonly stdout: CapturedStream;
  readonly stderr: CapturedStream;
  /** Wall time from start to exit. */
  readonly durationMs: number;
  /** User and system CPU time of the process and its waited-for children; null where the launcher cannot tell. */
  readonly cpuMs: number | null;
  /** Peak resident memory of the largest process; null where the launcher cannot tell. */
  readonly maxRssBytes: number | null;
  /** What was written to `$MAXQ_OUTPUT`, null if nothing was, or if it did not exit with 0. */
  readonly output: ScriptOutput | null;
}

/** A file that a script wrote. */
export interface ScriptOutput {
  readonly text: string;
  /** The file was larger than the cap, and `text` is its beginning. */
  readonly tooLarge: boolean;
  /** Why there is something that could not be read; `text` is empty then. */
  readonly fault?: string;
}

/** Hears a chunk of a script's output, cut between characters, and how many bytes were left out right before it, mostly 0. */
export type OutputListener = (stream: "stdout" | "stderr", chunk: Buffer, leftOut: number) => void;

/** A script that was started, or is about to be. */
export interface ScriptProcess {
  /** Resolves when the script has ended and its tree is gone; never rejects. */
  readonly ended: Promise<ScriptEnd>;
  /** SIGTERM to the process group, SIGKILL to the whole tree after `graceMs`; one that waits does not begin, and ends as `not_started`. Idempotent; the first reason wins, a later shorter grace is honoured. */
  terminate(reason: KillReason, graceMs: number): void;
  /** Asks for it back if it waits to begin: then it ends as `withdrawn`, also where `terminate` was called, too. Does nothing to one that has begun. */
  withdraw(): void;
  /**
   * Calls `listener`, never at once, with the output from its beginning and then as it is written, until the script has ended: all of it before `ended`
   * resolves. What is not kept any more, and what this process does not take in time, is left out, which is told. Returns how to stop; null once the script has ended.
   */
  follow(listener: OutputListener): (() => void) | null;
  /** What it has written until now, at most `capBytes` of each stream; null if it has not begun or has ended, or the launcher does not answer. Does not reject. */
  soFar(capBytes: number): Promise<OutputSoFar | null>;
}

/**
 * How the processes of scripts are found. `cgroup`: whatever they do, even if engine and launcher have died. `subreaper`: whatever they do while the launcher lives,
 * by group, session and mark once both have died. `none`: by group.
 */
export type Containment = "cgroup" | "subreaper" | "none";

/** Starts scripts and owns everything that they leave behind on this host. */
export interface ScriptRunner {
  /** Which launcher is in use; `native` contains escapees and measures CPU and memory. */
  readonly launcher: "native" | "node";
  /** What holds together the processes that scripts start; see `Containment`. */
  readonly containment: Containment;
  /** Whether what is started now beyond its bound (see `ScriptStart.bound`) waits for others to end; it may change with each launcher. */
  readonly keepsWaiting: boolean;
  /** Does not throw: what keeps the script from starting is its end. */
  start(script: ScriptStart): ScriptProcess;
  /**
   * Scripts may run for so many ms from now, and then for as long as the next call says: when the time passes without one, everything that was started is
   * killed, whole trees, by SIGKILL, even if this process hangs or is stopped; those ends carry `killedBy: "fence"`. Starts past the deadline end as
   * `not_started`, killed by the fence, too, until a later call allows them again. Time in which the machine sleeps counts. Never called: no deadline.
   * The caller leaves room for the killing itself.
   */
  setDeadline(msFromNow: number): void;
  /** The outcome of this attempt is in the database, or is wanted by nobody: what is kept of it for a successor of this process may go. */
  recorded(attemptKey: string): void;
  /** What a dead predecessor's launcher still has, until it is settled or refused; null: nothing. */
  readonly inheritance: Inheritance | null;
  /** The name by which everything that the launchers start is found when they and this process have died; "" where there is none. */
  readonly mark: string;
  /** The run is over on this worker: its input file may go. Does not throw. */
  forgetRun(runId: string): void;
  /** Whose `of` is, one end of a TCP connection that is open on this host: a user id; null: not known this way. Does not reject, and takes 100 ms at most. */
  connectionOwner(of: ConnectionEnd, to: ConnectionEnd): Promise<number | null>;
  /** Kills every tree that is left, waits until they are gone, ends the launcher; an inheritance that is not settled is left for the next successor. Idempotent. */
  close(): Promise<void>;
}

/** One end of a TCP connection: an address of IPv4 or IPv6 without a zone, a port. */
export interface ConnectionEnd {
  readonly address: string;
  readonly port: number;
}

/** An attempt that a predecessor may have started. */
export type InheritedScript = Pick<ScriptStart, "kind" | "runId" | "attemptKey" | "timeoutMs">;

/** What a predecessor of this process, which died, left with a launcher that lives. */
export interface Inheritance {
  /** Takes an attempt over, running or ended; null if it was never started. `ranMs`: since its start. One that was lost with an earlier launcher ends as `lost`. */
  take(script: InheritedScript): { readonly process: ScriptProcess; readonly ranMs: number } | null;
  /** All that is wanted was taken: the rest is killed and forgotten, and taken scripts end from now on. Resolves when the rest's files are gone. */
  settle(): Promise<void>;
  /** Nothing of it is wanted: everything is killed. Resolves when it is gone and another launcher works; rejects if none does. */
  refuse(): Promise<void>;
}
