import type { ScriptEnd } from "@maxq/core";
import { capturedText } from "../capture/text.js";
import { readOutputFile } from "../files/output-file.js";
import type { LauncherClient } from "../launcher/client.js";
import { type ExitReport, StartStage } from "../launcher/frames.js";
import type { LaunchListener } from "../launcher/launched.js";
import type { Unrecorded } from "../launcher/service.js";
import { explainStartFailure } from "../launcher/start-failure.js";
import type { RunningScript } from "./running-script.js";
import { processEnd } from "./wait-status.js";

/** What of an attempt's output is read, in bytes. */
export interface OutputCaps {
  readonly stdout: number;
  readonly stderr: number;
  readonly file: number;
}

/** What an attempt is made of. */
export interface AttemptParts {
  readonly attemptKey: string;
  readonly outputPath: string;
  /** Of the script; empty where it was started by a predecessor. */
  readonly path: string;
  readonly caps: OutputCaps;
  /** There may be an output file already. */
  readonly hasOutput: boolean;
  /** It was not started and may be launched again: nothing of it is to be recorded. Called before its end is told. */
  readonly withdrawn: (attempt: LaunchedAttempt) => void;
}

/** An attempt that was handed to a launcher, until its outcome is recorded. */
export class LaunchedAttempt implements Unrecorded, LaunchListener {
  /** Its number there; set once it was handed over. */
  id = 0;

  readonly attemptKey: string;
  readonly outputPath: string;
  /** There may be an output file. */
  hasOutput: boolean;
  readonly #of: AttemptParts;

  constructor(
    of: AttemptParts,
    readonly client: LauncherClient,
    readonly running: RunningScript,
  ) {
    this.#of = of;
    ({ attemptKey: this.attemptKey, outputPath: this.outputPath, hasOutput: this.hasOutput } = of);
  }

  started(): void {
    this.running.started();
  }

  notStarted(errno: number, stage: number): void {
    if (stage === StartStage.withdrawn) {
      this.#of.withdrawn(this);
      this.running.notBegun();
      return;
    }
    if (stage === StartStage.fenced) this.running.note("fence");
    this.running.settleWithout(explainStartFailure(errno, stage, this.#of.path));
  }

  lost(message: string): void {
    this.running.settleWithout({ reason: "lost", message });
  }

  unavailable(message: string): void {
    this.running.settleWithout({ reason: "unable", message });
  }

  output(stream: "stdout" | "stderr", offset: number, chunk: Buffer): void {
    this.running.output(stream, offset, chunk);
  }

  exited(report: ExitReport): void {
    this.running.exited(report);
    if (report.fenced) this.running.note("fence");
    const end = this.#end(report);
    if (report.hasOutput) this.hasOutput = true;
    // Nobody wants what one wrote that failed; and it is heard of before what was withdrawn with it.
    if (!report.hasOutput || report.status !== 0) {
      this.running.settle(end);
      return;
    }
    void readOutputFile(this.outputPath, this.#of.caps.file).then((output) => {
      this.running.settle({ ...end, output });
    });
  }

  #end(report: ExitReport): ScriptEnd {
    return {
      end: processEnd(report.status),
      killedBy: this.running.killedBy,
      stdout: capturedText(report.stdout, this.#of.caps.stdout),
      stderr: capturedText(report.stderr, this.#of.caps.stderr),
      durationMs: Math.round(report.durationUs / 1000),
      cpuMs: report.cpuUs < 0 ? null : Math.round(report.cpuUs / 1000),
      maxRssBytes: report.maxRssBytes < 0 ? null : report.maxRssBytes,
      output: null,
    };
  }
}
