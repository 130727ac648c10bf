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

/** An attempt that was handed to a launcher, until its outcome is recorded. */
export class LaunchedAttempt implements Unrecorded, LaunchListener {
  /** Its number there; set once it was handed over. */
  id = 0;

  /**
   * @param path of the script; empty where it was started by a predecessor
   * @param hasOutput whether there may be an output file
   */
  constructor(
    readonly attemptKey: string,
    readonly outputPath: string,
    readonly client: LauncherClient,
    readonly running: RunningScript,
    private readonly path: string,
    private readonly caps: OutputCaps,
    public hasOutput: boolean,
  ) {}

  notStarted(errno: number, stage: number): void {
    if (stage === StartStage.fenced) this.running.note("fence");
    this.running.settleWithout(explainStartFailure(errno, stage, this.path));
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
    if (!report.hasOutput) {
      this.running.settle(end);
      return;
    }
    this.hasOutput = true;
    void readOutputFile(this.outputPath, this.caps.file).then((output) => {
      this.running.settle({ ...end, output });
    });
  }

  #end(report: ExitReport): ScriptEnd {
    return {
      end: processEnd(report.status),
      killedBy: this.running.killedBy,
      stdout: capturedText(report.stdout, this.caps.stdout),
      stderr: capturedText(report.stderr, this.caps.stderr),
      durationMs: Math.round(report.durationUs / 1000),
      cpuMs: report.cpuUs < 0 ? null : Math.round(report.cpuUs / 1000),
      maxRssBytes: report.maxRssBytes < 0 ? null : report.maxRssBytes,
      output: null,
    };
  }
}
