import { join } from "node:path";
import {
  messageOf,
  type ConnectionEnd,
  type Containment,
  type InheritedScript,
  type Inheritance,
  type ProcessEnd,
  type ScriptProcess,
  type ScriptRunner,
  type ScriptStart,
} from "@maxq/core";
import { ownEnvironment } from "../environment.js";
import type { InputFiles } from "../files/input-files.js";
import { removeOutputFile } from "../files/output-file.js";
import { keepOutputs, type WorkDirectory } from "../files/work-directory.js";
import { killRemains } from "../remains/kill-remains.js";
import type { FlowDirectory } from "../flows/directory.js";
import type { ScriptLocation, ScriptProblem } from "../flows/resolve.js";
import type { LauncherClient } from "../launcher/client.js";
import { type KnownAttempt, KnownState } from "../launcher/frames.js";
import type { LauncherService } from "../launcher/service.js";
import { LaunchedInheritance } from "./inheritance.js";
import { LaunchedAttempt, type OutputCaps } from "./launched-attempt.js";
import { RunningScript, type Timeout } from "./running-script.js";

type NotStarted = Extract<ProcessEnd, { readonly reason: "not_started" }>;

type Unable = Extract<ProcessEnd, { readonly reason: "unable" }>;

type Found = Extract<ScriptLocation, { readonly reason: "ok" }>;

/** Sizes, in bytes, and times, in ms. */
export interface RunnerLimits {
  readonly maxLogCapture: number;
  readonly maxFlowOutput: number;
  readonly maxOutputFile: number;
  readonly timeoutGraceMs: number;
}

/** Runs scripts through a launcher; made by `createScriptRunner`. */
export class LaunchingScriptRunner implements ScriptRunner {
  readonly #running = new Set<RunningScript>();
  /** By attempt key: what a successor of this process would need if it died now. */
  readonly #unrecorded = new Map<string, LaunchedAttempt>();
  readonly #caps: { readonly step: OutputCaps; readonly flow: OutputCaps };
  readonly #gone = (running: RunningScript): void => void this.#running.delete(running);
  readonly #withdrawn = ({ attemptKey }: LaunchedAttempt): void => void this.#unrecorded.delete(attemptKey);
  /** Scripts whose input is on its way: what is started meanwhile would come to the launcher before them. */
  #preparing = 0;
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
    const { maxLogCapture, maxFlowOutput, maxOutputFile } = limits;
    const step = { stdout: maxLogCapture, stderr: maxLogCapture, file: maxOutputFile };
    this.#caps = { step, flow: { ...step, stdout: maxFlowOutput } };
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

  get keepsWaiting(): boolean {
    return this.#preparing === 0 && this.service.keepsWaiting;
  }

  start(script: ScriptStart): ScriptProcess {
    const running = this.#track();
    const refusal = this.#refusal(script);
    if (refusal !== null) {
      running.settleWithout(refusal);
      return running;
    }
    const input = this.inputs.pathOf(script.runId);
    if (typeof input === "string") this.#launch(script, running, input);
    else {
      this.#preparing++;
      input.then(
        (path) => {
          this.#preparing--;
          this.#launch(script, running, path);
        },
        (error: unknown) => {
          this.#preparing--;
          const what = `The input of run ${script.runId} could not be written to a file`;
          running.settleWithout(notPrepared(what, error));
        },
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

  connectionOwner(of: ConnectionEnd, to: ConnectionEnd): Promise<number | null> {
    return this.service.connectionOwner(of, to);
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
    if (this.#closed !== null) {
      running.settleWithout(closed);
      return;
    }
    const found = this.#onDisk(script);
    if (found.reason === "ok") this.#send(script, running, input, found);
    else running.settleWithout(found);
  }

  /** Where the script is, with a folder for what it writes, or why it cannot be started. */
  #onDisk({ kind, flowName, stepName }: ScriptStart): Found | NotStarted | Unable {
    try {
      this.work.restore();
      const location =
        kind === "flow" ? this.flows.flowScript(flowName) : this.flows.stepScript(flowName, stepName);
      return location.reason === "ok" ? location : cannotRun(location);
    } catch (error) {
      return notPrepared("What it needs on disk could not be prepared", error);
    }
  }

  #send(script: ScriptStart, running: RunningScript, input: string, { path, cwd }: Found): void {
    const { attemptKey } = script;
    const outputPath = join(this.work.outputs, attemptKey);
    const caps = this.#caps[script.kind];
    const client = this.service.client();
    const withdrawn = this.#withdrawn;
    const parts = { attemptKey, outputPath, path, caps, hasOutput: false, withdrawn };
    const attempt = new LaunchedAttempt(parts, client, running);
    const env = ownEnvironment(script, { cwd, input, output: outputPath });
    const bound = script.bound ?? 0;
    const { stdout: stdoutCap, stderr: stderrCap } = caps;
    attempt.id = client.launch(
      { path, cwd, outputPath, attemptKey, env, stdoutCap, stderrCap, bound },
      attempt,
    );
    this.#unrecorded.set(attemptKey, attempt);
    running.launched(client, attempt.id, this.#timeout(script.timeoutMs), client.mayWait(bound));
  }

  #track(): RunningScript {
    const running = new RunningScript(this.#gone);
    this.#running.add(running);
    return running;
  }

  /** A script that a predecessor started: its end comes as that of our own. */
  #adopt(client: LauncherClient, known: KnownAttempt, script: InheritedScript): ScriptProcess {
    const running = this.#track();
    const { attemptKey, outputPath, id } = known;
    const caps = this.#caps[script.kind];
    const withdrawn = this.#withdrawn;
    const parts = { attemptKey, outputPath, path: "", caps, hasOutput: true, withdrawn };
    const attempt = new LaunchedAttempt(parts, client, running);
    attempt.id = id;
    this.#unrecorded.set(attemptKey, attempt);
    if (known.killedBy !== null) running.note(known.killedBy);
    if (known.state === KnownState.lost) {
      running.settleWithout({
        reason: "lost",
        message: "Its launcher ended while it ran; the script was killed.",
      });
      return running;
    }
    client.take(id, attempt);
    const runs = known.state === KnownState.running && script.timeoutMs !== null;
    const leftMs = runs ? Math.max(0, script.timeoutMs - known.ranUs / 1000) : null;
    running.launched(client, id, this.#timeout(leftMs), false);
    return running;
  }

  #timeout(ms: number | null): Timeout | null {
    return ms === null ? null : { ms, graceMs: this.limits.timeoutGraceMs };
  }

  #refusal(script: ScriptStart): NotStarted | null {
    if (this.#closed !== null) return closed;
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

const closed = notStarted("The script runner is closed.");

/** A file that cannot be looked at or written is this machine's affair; an input that cannot be had is the run's. */
function notPrepared(what: string, error: unknown): NotStarted | Unable {
  const message = `${what} (${messageOf(error)}); the script was not started.`;
  return (error as NodeJS.ErrnoException).syscall === undefined
    ? notStarted(message)
    : { reason: "unable", message };
}

/** A flows root that is missing is this machine's affair; a flow or a script that is missing in it is the run's. */
function cannotRun({ reason, message }: ScriptProblem): NotStarted | Unable {
  return reason === "no_root"
    ? { reason: "unable", message }
    : { reason: "not_started", code: codeOf(reason), message };
}

function codeOf(reason: Exclude<ScriptProblem["reason"], "no_root">): NotStarted["code"] {
  switch (reason) {
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
