import type { ConnectionEnd, Containment, KillReason } from "@maxq/core";
import { Cgroup } from "../containment/cgroup.js";
import { Begun } from "./begun.js";
import { type LauncherChannel, spawnLauncher } from "./channel.js";
import { decodeEvent } from "./decode.js";
import { FrameReader } from "./frame-reader.js";
import { type KnownAttempt, KnownState, type LauncherEvent, PROTOCOL_VERSION } from "./frames.js";
import { type LauncherSurroundings, type LaunchListener, type LaunchRequest, unwanted } from "./launched.js";
import { LaunchedScripts } from "./launched-scripts.js";
import { Liveness } from "./liveness.js";
import type { LauncherCommand } from "./locate.js";
import { freshMark, markOwner, markValue } from "./mark.js";
import { OwnerQuestions } from "./owner-questions.js";
import { Requests } from "./requests.js";
import { killStrays } from "./strays.js";

/** Not `queueMicrotask`, which makes an async resource each time. */
const now = Promise.resolve();

/** How long a launcher may take to kill everything; one that hangs is killed, and its scripts with it. */
const CLOSE_MS = 5_000;

/**
 * One launcher process and what it runs. When it dies, whatever is left of its scripts is killed and they are
 * `lost`, but for those that are known not to have begun; then `gone` resolves and the client is of no more use.
 */
export class LauncherClient {
  /** Whether it works: of one that was inherited, once it has told of all that it knows. */
  readonly ready: Promise<boolean>;
  readonly gone: Promise<void>;
  /** What it told of, if it was inherited. */
  readonly known: KnownAttempt[] = [];
  readonly #channel: LauncherChannel;
  readonly #surroundings: LauncherSurroundings;
  readonly #inherited: boolean;
  readonly #launched = new LaunchedScripts();
  readonly #requests: Requests;
  readonly #owners = new OwnerQuestions();
  readonly #liveness: Liveness;
  #mark: string;
  #nextId = 1;
  #state: "starting" | "ready" | "closing" | "left" | "gone" = "starting";
  #worked = false;
  #can = { contained: false, tellsOwners: false, keepsWaiting: false };
  #generation = 0;
  #cgroup: Cgroup | null = null;
  #begun: Begun | null = null;
  #settleReady: (ok: boolean) => void = () => {};

  private constructor(channel: LauncherChannel, surroundings: LauncherSurroundings, inherited: boolean) {
    this.#channel = channel;
    this.#surroundings = surroundings;
    this.#inherited = inherited;
    this.#requests = new Requests((frames) => {
      if (this.usable) channel.write(frames);
    });
    this.#liveness = new Liveness(this.#launched, this.#requests, () => {
      surroundings.logger.error("the launcher does not answer: it is killed, and its scripts with it");
      channel.kill();
    });
    this.#mark = freshMark(surroundings.owner);
    this.ready = new Promise((resolve) => (this.#settleReady = resolve));
    this.gone = new Promise((resolve) => this.#watch(resolve));
    if (inherited) return;
    // Before it is told to start anything. Without an owner's name nobody would remove it after a crash.
    if (surroundings.owner !== null && channel.kind === "native" && channel.pid !== null)
      this.#cgroup = Cgroup.around(channel.pid, markValue(this.#mark));
    this.#greet();
  }

  static spawn(command: LauncherCommand, surroundings: LauncherSurroundings): LauncherClient {
    return new LauncherClient(spawnLauncher(command, surroundings), surroundings, false);
  }

  /** Of a launcher that a dead engine left. One of another version, or mark, is told to kill everything and end. */
  static inherit(channel: LauncherChannel, surroundings: LauncherSurroundings): LauncherClient {
    return new LauncherClient(channel, surroundings, true);
  }

  get kind(): "native" | "node" {
    return this.#channel.kind;
  }

  /** `NAME=prefix.`: what its scripts' environments carry, before their number. */
  get mark(): string {
    return this.#mark;
  }

  /** See `LauncherSurroundings.owner`; of one that was inherited, its first engine's. */
  get owner(): string | null {
    return markOwner(this.#mark);
  }

  /** Known once it is ready. */
  get containment(): Containment {
    if (this.#cgroup !== null) return "cgroup";
    return this.#can.contained ? "subreaper" : "none";
  }

  /** Whether it ever said that it works. */
  get worked(): boolean {
    return this.#worked;
  }

  /** False once it is of no use for further starts. */
  get usable(): boolean {
    return this.#state === "starting" || this.#state === "ready";
  }

  /** See `ScriptRunner.keepsWaiting`. */
  get keepsWaiting(): boolean {
    return this.#state === "ready" && this.#can.keepsWaiting;
  }

  /** Starts a script; the answer is the number for `terminate`, `withdraw`, `follow` and `forget`. */
  launch(request: LaunchRequest, listener: LaunchListener): number {
    const id = this.#nextId++;
    this.#launched.add(id, listener, request.bound > 0);
    this.#requests.start(id, request, this.#mark, this.#generation);
    return id;
  }

  /** Whether one with this bound that was launched last may have to wait for others: it runs once it is `started`. */
  mayWait(bound: number): boolean {
    return bound > 0 && this.#launched.bounded > bound;
  }

  terminate(id: number, graceMs: number, reason: KillReason): void {
    if (!this.#launched.ends(id)) return;
    this.#requests.terminate(id, graceMs, reason);
    if (this.#can.tellsOwners || this.kind === "node") this.#liveness.watch();
  }

  /** If it waits to begin, it ends as not started; see `StartStage.withdrawn`. */
  withdraw(id: number): void {
    if (this.#launched.has(id)) this.#requests.withdraw(id);
  }

  /** On: what is kept of its output so far comes, then what it writes; again for each time that it is asked for. */
  follow(id: number, on: boolean): void {
    if (this.#launched.has(id)) this.#requests.follow(id, on);
  }

  /** See `ScriptRunner.connectionOwner`. */
  connectionOwner(of: ConnectionEnd, to: ConnectionEnd): Promise<number | null> {
    if (this.#state !== "ready" || !this.#can.tellsOwners) return Promise.resolve(null);
    return this.#owners.ask((question) => this.#requests.owner(question, of, to));
  }

  /** Nobody will ask for the end of this one again; told with what is sent next. */
  forget(id: number): void {
    if (this.#surroundings.place === null || !this.usable) return;
    this.#requests.forget(id);
  }

  /** A launcher before this one had it when it died. */
  rememberLost(attemptKey: string, outputPath: string): void {
    this.#requests.lost(this.#nextId++, attemptKey, outputPath);
  }

  /** Scripts may run until this moment of the monotonic clock, in ms; see `ScriptRunner.setDeadline`. */
  setDeadline(atMs: number): void {
    this.#requests.deadline(atMs);
  }

  /** Takes over what the launcher told of. */
  take(id: number, listener: LaunchListener): void {
    const launched = this.#launched.get(id);
    if (launched !== undefined) launched.listener = listener;
  }

  /** Hears of ends from now on. What was not taken is killed and forgotten. */
  resume(notTaken: readonly KnownAttempt[]): void {
    for (const { id, state } of notTaken) {
      if (state === KnownState.lost) this.forget(id);
      else {
        this.terminate(id, 0, "fence");
        this.take(
          id,
          unwanted(() => this.forget(id)),
        );
      }
    }
    this.#requests.resume();
  }

  /** Leaves the launcher and all that it runs to the next successor. */
  async leave(): Promise<void> {
    if (this.usable) {
      this.#state = "left";
      this.#channel.end();
    }
    await this.gone;
  }

  /** Ends the launcher, which kills and reports everything first. */
  async close(): Promise<void> {
    if (this.usable) {
      this.#requests.close();
      this.#state = "closing";
      this.#channel.end();
    }
    const hangs = setTimeout(() => this.#channel.kill(), CLOSE_MS);
    await this.gone;
    clearTimeout(hangs);
  }

  #greet(): void {
    const { baseEnv, place } = this.#surroundings;
    this.#requests.hello(this.#inherited, this.#mark, place, baseEnv);
  }

  #watch(gone: () => void): void {
    const reader = new FrameReader((type, body) => {
      const event = decodeEvent(type, body);
      if (event !== null) this.#handle(event);
    });
    this.#channel.listen({
      data: (chunk) => reader.push(chunk),
      said: (text) => this.#surroundings.logger.warn("the launcher says something", { text }),
      gone: (how) => void this.#died(how).then(gone),
    });
  }

  #handle(event: LauncherEvent): void {
    this.#liveness.heard();
    switch (event.type) {
      case "exited":
        this.#launched.take(event.report.id)?.listener?.exited(event.report);
        return;
      case "started":
        this.#launched.started(event.id, event.pid, event.startTicks);
        return;
      case "not_started":
        this.#launched.take(event.id)?.listener?.notStarted(event.errno, event.stage);
        return;
      case "output":
        this.#launched.get(event.id)?.listener?.output(event.stream, event.offset, event.chunk);
        return;
      case "known":
        this.known.push(event.attempt);
        if (event.attempt.state !== KnownState.lost) this.#launched.inherit(event.attempt);
        return;
      case "listed":
        this.#listed(event);
        return;
      case "owned":
        this.#owners.answered(event.question, event.uid);
        return;
      case "generation":
        // After those have been acted upon that were told before it, and before the one that comes next.
        void now.then(() => (this.#generation = event.generation));
        return;
      case "ready":
        this.#ready(event);
    }
  }

  #ready(event: Extract<LauncherEvent, { type: "ready" }>): void {
    this.#can = event;
    if (event.keepsWaiting && this.#channel.pid !== null) this.#begun = Begun.of(this.#channel.pid);
    this.#worked = event.version === PROTOCOL_VERSION;
    if (this.kind === "native" && !event.contained) {
      this.#surroundings.logger.warn(
        "this kernel does not list children in /proc: processes that leave their group are not found",
      );
    }
    if (this.#inherited && this.#worked) this.#greet();
    else this.#begin();
  }

  #listed({ lastId, mark }: Extract<LauncherEvent, { type: "listed" }>): void {
    this.#nextId = lastId + 1;
    this.#mark = mark;
    if (this.#channel.pid !== null) this.#cgroup = Cgroup.of(this.#channel.pid, markValue(this.#mark));
    this.#begin();
  }

  #begin(): void {
    if (this.#state === "starting") this.#state = "ready";
    this.#settleReady(this.#worked);
  }

  async #died(how: string): Promise<void> {
    const { logger } = this.#surroundings;
    const expected = this.#state === "closing" || this.#state === "left";
    const left = this.#state === "left";
    this.#state = "gone";
    this.#settleReady(false);
    this.#owners.giveUp();
    this.#liveness.stop();
    const lastBegun = this.#begun?.last() ?? null;
    if (left || (this.#inherited && !this.#worked)) return;
    if (lastBegun !== null) this.#launched.returnWaiting(lastBegun);
    if (!expected) logger.error("the launcher died", { how, scripts: this.#launched.size });
    if (!expected || this.#launched.size > 0) await killStrays(this.#mark, this.#launched.all());
    await this.#cgroup?.end();
    this.#launched.lose(how, this.#worked);
  }
}
