import { join } from "node:path";
import type {
  Containment,
  InheritedScript,
  Inheritance,
  ProcessEnd,
  ScriptEnd,
  ScriptProcess,
  ScriptRunner,
  ScriptStart,
} from "@maxq/core";
import { capturedText } from "../capture/text.js";
import { ownEnvironment } from "../environment.js";
import type { InputFiles } from "../files/input-files.js";
import { readOutputFile, removeOutputFile } from "../files/output-file.js";
import { keepOutputs, type WorkDirectory } from "../files/work-directory.js";
import { killRemains } from "../remains/kill-remains.js";
import type { FlowDirectory } from "../flows/directory.js";
import type { ScriptLocation, ScriptProblem } from "../flows/resolve.js";
import type { LauncherClient } from "../launcher/client.js";
import type { LaunchListener } from "../launcher/launched.js";
import { type ExitReport, type KnownAttempt, KnownState, StartStage } from "../launcher/frames.js";
import { explainStartFailure } from "../launcher/start-failure.js";
import type { LauncherService, Unrecorded } from "../launcher/service.js";
import { LaunchedInheritance } from "./inheritance.js";
import { RunningScript } from "./running-script.js";
import { processEnd } from "./wait-status.js";

type NotStarted = Extract<ProcessEnd, { readonly reason: "not_started" }>;

type Unable = Extract<ProcessEnd, { readonly reason: "unable" }>;

/** Sizes, in bytes, and times, in ms. */
export interface RunnerLimits {
  readonly maxLogCapture: number;
  readonly maxFlowOutput: number;
  readonly maxOutputFile: number;
  readonly timeoutGraceMs: number;
}

/** An attempt that was handed to a launcher and whose outcome is not recorded. */
interface Attempt extends Unrecorded {
  readonly client: LauncherClient;
  id: number;
  hasOutput: boolean;
}

/** Runs scripts through a launcher; made by `createScriptRunner`. */
export class LaunchingScriptRunner implements ScriptRunner {
  readonly #running = new Set<RunningScript>();
  /** By attempt key: what a successor of this process would need if it died now. */
  readonly #unrecorded = new Map<string, Attempt>();
  #inheritance: LaunchedInheritance | null = null;
  #closed: Promise<void> | null = null;

  constructor(
    private readonly flows: FlowDirectory,
    private readonly work: WorkDirectory,
    private readonly inputs: InputFiles,
    private readonly service: LauncherService,
    private readonly limits: RunnerLimits,
  ) {
    service.unrecorded = () => this.#unrecorded.values();
  }

  get mark(): string {
    return this.service.owner ?? "";
  }

  get containment(): Containment {
    return this.service.containment;
  }

  get inheritance(): Inheritance | null {
    return this.#inheritance;
  }

  /** Everything that this launcher told of is there to be taken; `freshMark` is for one that takes its place if it is refused. */
  inherit(client: LauncherClient, freshMark: string | null): void {
    this.#inheritance = new LaunchedInheritance(client, {
      adopt: (known, script) => this.#adopt(client, known, script),
      settled: (taken) => {
        this.#inheritance = null;
        this.inputs.inherit(taken.map(({ runId }) => runId));
        return keepOutputs(this.work, new Set(taken.map(({ attemptKey }) => attemptKey)));
      },
      refuse: async () => {
        this.#inheritance = null;
        const refused = this.mark;
        await this.service.replace(freshMark);
        await killRemains(refused);
        this.inputs.inherit([]);
        await keepOutputs(this.work, new Set());
      },
    });
  }

  get launcher(): "native" | "node" {
    return this.service.kind;
  }

  start(script: ScriptStart): ScriptProcess {
    const running = new RunningScript();
    this.#running.add(running);
    void running.ended.then(() => this.#running.delete(running));
    const input = this.inputs.pathOf(script.runId);
    if (typeof input === "string") this.#launch(script, running, input);
    else {
      input.then(
        (path) => this.#launch(script, running, path),
        (error: unknown) => running.settleWithout(inputFailed(script.runId, error)),
      );
    }
    return running;
  }

  setDeadline(msFromNow: number): void {
    if (this.#closed === null) this.service.setDeadline(msFromNow);
  }

  recorded(attemptKey: string): void {
    const attempt = this.#unrecorded.get(attemptKey);
    if (attempt === undefined) return;
    this.#unrecorded.delete(attemptKey);
    attempt.client.forget(attempt.id);
    if (attempt.hasOutput) void removeOutputFile(attempt.outputPath);
  }

  forgetRun(runId: string): void {
    this.inputs.forget(runId);
  }

  close(): Promise<void> {
    return (this.#closed ??= this.#close());
  }

  async #close(): Promise<void> {
    if (this.#inheritance !== null) return this.service.leave();
    const ended = [...this.#running].map((running) => {
      running.terminate("drain", 0);
      return running.ended;
    });
    await this.service.close();
    await Promise.all(ended);
    await this.work.remove();
  }

  #launch(script: ScriptStart, running: RunningScript, input: string): void {
    if (running.over) return;
    const refusal = this.#refusal(script);
    if (refusal !== null) {
      running.settleWithout(refusal);
      return;
    }
    const location =
      script.kind === "flow"
        ? this.flows.flowScript(script.flowName)
        : this.flows.stepScript(script.flowName, script.stepName);
    if (location.reason !== "ok") {
      running.settleWithout({ reason: "not_started", code: codeOf(location), message: location.message });
      return;
    }
    this.#send(script, running, input, location);
  }

  #send(
    script: ScriptStart,
    running: RunningScript,
    input: string,
    { path, cwd }: Extract<ScriptLocation, { readonly reason: "ok" }>,
  ): void {
    const { attemptKey } = script;
    const outputPath = join(this.work.outputs, attemptKey);
    const stdoutCap = this.#stdoutCap(script);
    const client = this.service.client();
    const attempt: Attempt = { attemptKey, outputPath, client, id: 0, hasOutput: false };
    const env = ownEnvironment(script, { cwd, input, output: outputPath });
    const id = client.launch(
      { path, cwd, outputPath, attemptKey, env, stdoutCap, stderrCap: this.limits.maxLogCapture },
      this.#listener(running, attempt, path, stdoutCap),
    );
    attempt.id = id;
    this.#unrecorded.set(attemptKey, attempt);
    running.launched(client, id, script.timeoutMs, this.limits.timeoutGraceMs);
  }

  #stdoutCap({ kind }: Pick<ScriptStart, "kind">): number {
    return kind === "flow" ? this.limits.maxFlowOutput : this.limits.maxLogCapture;
  }

  /** A script that a predecessor started: its end comes as that of our own. */
  #adopt(client: LauncherClient, known: KnownAttempt, script: InheritedScript): ScriptProcess {
    const running = new RunningScript();
    this.#running.add(running);
    void running.ended.then(() => this.#running.delete(running));
    const { attemptKey, outputPath, id } = known;
    const attempt: Attempt = { attemptKey, outputPath, client, id, hasOutput: true };
    this.#unrecorded.set(attemptKey, attempt);
    if (known.killedBy !== null) running.note(known.killedBy);
    if (known.state === KnownState.lost) {
      running.settleWithout({
        reason: "lost",
        message: "Its launcher ended while it ran; the script was killed.",
      });
      return running;
    }
    client.take(id, this.#listener(running, attempt, "", this.#stdoutCap(script)));
    const leftMs = script.timeoutMs === null ? null : Math.max(0, script.timeoutMs - known.ranUs / 1000);
    running.launched(
      client,
      id,
      known.state === KnownState.running ? leftMs : null,
      this.limits.timeoutGraceMs,
    );
    return running;
  }

  #listener(running: RunningScript, attempt: Attempt, path: string, stdoutCap: number): LaunchListener {
    return {
      notStarted: (errno, stage) => {
        if (stage === StartStage.fenced) running.note("fence");
        running.settleWithout(explainStartFailure(errno, stage, path));
      },
      lost: (message) => running.settleWithout({ reason: "lost", message }),
      unavailable: (message) => running.settleWithout({ reason: "unable", message }),
      output: (stream, offset, chunk) => running.output(stream, offset, chunk),
      exited: (report) => {
        running.exited(report);
        if (report.fenced) running.note("fence");
        const end = this.#end(running, report, stdoutCap);
        if (!report.hasOutput) running.settle(end);
        else {
          attempt.hasOutput = true;
          void readOutputFile(attempt.outputPath, this.limits.maxOutputFile).then((output) => {
            running.settle({ ...end, output });
          });
        }
      },
    };
  }

  #end(running: RunningScript, report: ExitReport, stdoutCap: number): ScriptEnd {
    return {
      end: processEnd(report.status),
      killedBy: running.killedBy,
      stdout: capturedText(report.stdout, stdoutCap),
      stderr: capturedText(report.stderr, this.limits.maxLogCapture),
      durationMs: Math.round(report.durationUs / 1000),
      cpuMs: report.cpuUs < 0 ? null : Math.round(report.cpuUs / 1000),
      maxRssBytes: report.maxRssBytes < 0 ? null : report.maxRssBytes,
      output: null,
    };
  }

  #refusal(script: ScriptStart): NotStarted | null {
    if (this.#closed !== null) return notStarted("The script runner is closed.");
    for (const name in script.env) {
      if (script.env[name]!.includes("\0"))
        return notStarted(`Its variable ${name} holds a NUL, which no environment can.`);
    }
    return null;
  }
}

function notStarted(message: string): NotStarted {
  return { reason: "not_started", code: "SCRIPT_NOT_STARTED", message };
}

/** A file that cannot be written is this machine's affair; an input that cannot be had is the run's. */
function inputFailed(runId: string, error: unknown): NotStarted | Unable {
  const why = error instanceof Error ? error.message : String(error);
  const message = `The input of run ${runId} could not be written to a file (${why}); the script was not started.`;
  return (error as NodeJS.ErrnoException).syscall === undefined
    ? notStarted(message)
    : { reason: "unable", message };
}

function codeOf(problem: ScriptProblem): NotStarted["code"] {
  switch (problem.reason) {
    case "bad_name":
    case "flow_not_found":
    case "not_found":
      return "SCRIPT_NOT_FOUND";
    case "not_executable":
      return "SCRIPT_NOT_EXECUTABLE";
    case "outside":
      return "SCRIPT_OUTSIDE_FLOW";
  }
}
