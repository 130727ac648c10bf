import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Writable } from "node:stream";
import { expect } from "chai";
import { decodeEvent } from "../../src/launcher/decode.js";
import { FrameReader } from "../../src/launcher/frame-reader.js";
import { FrameWriter } from "../../src/launcher/frame-writer.js";
import { type LauncherEvent, PROTOCOL_VERSION, Request } from "../../src/launcher/frames.js";
import { nativeLauncherPath } from "../../src/launcher/locate.js";
import { monotonicMs } from "../../src/launcher/monotonic.js";
import { isAlive, until } from "../processes.js";

const FAR_MS = 600_000;

/** One end of a conversation with a launcher. */
class Engine {
  readonly events: LauncherEvent[] = [];
  #gone = false;

  constructor(
    from: NodeJS.ReadableStream,
    private readonly to: Writable,
  ) {
    const reader = new FrameReader((type, body) => {
      const event = decodeEvent(type, Buffer.from(body));
      if (event !== null) this.events.push(event);
    });
    from.on("data", (chunk: Buffer) => reader.push(chunk));
    from.on("close", () => (this.#gone = true));
    from.on("error", () => {});
    to.on("error", () => {});
  }

  say(build: (writer: FrameWriter) => void): void {
    const writer = new FrameWriter();
    build(writer);
    this.to.write(writer.take());
  }

  hello(successor: boolean, place = ""): void {
    this.say((writer) =>
      writer
        .begin(Request.hello)
        .u32(PROTOCOL_VERSION)
        .u32(successor ? 1 : 0)
        .text(`MAXQ_MARK=owner.nonce.\0${place}\0PATH=${process.env["PATH"]!}\0`)
        .end(),
    );
  }

  deadline(msFromNow: number): void {
    this.say((writer) =>
      writer
        .begin(Request.deadline)
        .f64(monotonicMs() + msFromNow)
        .end(),
    );
  }

  async told<T extends LauncherEvent["type"]>(
    type: T,
    count = 1,
  ): Promise<Extract<LauncherEvent, { type: T }>[]> {
    const found = () =>
      this.events.filter((event) => event.type === type) as Extract<LauncherEvent, { type: T }>[];
    await until(`${count} ${type} came`, () => found().length >= count);
    return found();
  }

  /** False: it was refused, because there is another. */
  async isWelcome(): Promise<boolean> {
    const greeted = () => this.events.some(({ type }) => type === "ready");
    await until("it is greeted or refused", () => this.#gone || greeted());
    return greeted();
  }
}

describe("a native launcher that may be adopted", () => {
  let root: string;
  let launcher: ChildProcess;
  let first: Engine;
  const sockets: Socket[] = [];

  beforeEach(async () => {
    // Longer than the path of a socket may be.
    root = join(mkdtempSync(join(tmpdir(), "maxq-executor-")), "deep".repeat(40));
    mkdirSync(root);
    const script = join(root, "script.sh");
    writeFileSync(
      script,
      `#!/bin/bash\necho up.$N\necho $$ >${root}/up.$N\nuntil [ -e ${root}/go.$N ]; do sleep 0.01; done\necho out.$N\nexit $N\n`,
    );
    chmodSync(script, 0o755);
    launcher = spawn(nativeLauncherPath(), [], { env: {}, stdio: ["pipe", "pipe", "inherit"] });
    first = new Engine(launcher.stdout!, launcher.stdin!);
    first.hello(false, root);
    await first.told("ready");
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    launcher.kill("SIGKILL");
    if (launcher.exitCode === null && launcher.signalCode === null) await once(launcher, "exit");
    rmSync(join(root, ".."), { recursive: true });
  });

  async function start(id: number): Promise<number> {
    const env = `PATH=${process.env["PATH"]!}\0N=${id}\0`;
    first.say((writer) =>
      writer
        .begin(Request.start)
        .u32(id)
        .u32(1000)
        .u32(1000)
        .u32(0)
        .text(`${join(root, "script.sh")}\0${root}\0\0key.${id}\0${env}`)
        .end(),
    );
    const file = join(root, `up.${id}`);
    await until("it is up", () => existsSync(file) && readFileSync(file, "utf8").endsWith("\n"));
    return Number(readFileSync(file, "utf8"));
  }

  /** As a kill -9 of the engine looks to the launcher. */
  function engineDies(): void {
    launcher.stdin!.destroy();
    launcher.stdout!.destroy();
  }

  /** By a relative path: the whole one is too long for a socket. */
  function aSuccessor(): Engine {
    const socket = connect("launcher.sock");
    sockets.push(socket);
    return new Engine(socket, socket);
  }

  /** Once the launcher has noticed that the one before is gone. */
  async function theNextOne(): Promise<Engine> {
    for (;;) {
      const engine = aSuccessor();
      if (await engine.isWelcome()) return engine;
      sockets.pop();
    }
  }

  const cwd = process.cwd();
  beforeEach(() => process.chdir(root));
  afterEach(() => process.chdir(cwd));
  const letGo = (id: number) => writeFileSync(join(root, `go.${id}`), "");

  it("tells a successor what runs and what has ended, then how that ended, until it may forget it", async () => {
    first.deadline(FAR_MS);
    const running = await start(1);
    const ended = await start(2);
    first.say((writer) => writer.begin(Request.terminate).u32(1).u32(60_000).u32(1).end());
    engineDies();
    letGo(2);
    await until("the second is gone", () => !isAlive(ended));
    const second = await theNextOne();
    second.hello(true);
    const [listed] = await second.told("listed");
    expect(listed).to.deep.include({ lastId: 2, mark: "MAXQ_MARK=owner.nonce." });
    const known = (await second.told("known", 2)).map(({ attempt }) => attempt).sort((a, b) => a.id - b.id);
    expect(known.map(({ attemptKey, killedBy }) => [attemptKey, killedBy])).to.deep.equal([
      ["key.1", "abort"],
      ["key.2", null],
    ]);
    expect(second.events.some(({ type }) => type === "exited")).to.equal(false);
    second.say((writer) => writer.begin(Request.resume).end());
    const reports = (await second.told("exited", 2)).map(({ report }) => report).sort((a, b) => a.id - b.id);
    expect(reports.map(({ id, status }) => [id, status & 0x7f, status >> 8])).to.deep.equal([
      [1, 15, 0],
      [2, 0, 2],
    ]);
    expect(reports[1]!.stdout.kept.toString()).to.equal("up.2\nout.2\n");
    expect(isAlive(running)).to.equal(false);
    second.say((writer) => writer.begin(Request.forget).u32(1).u32(2).end());
    const closed = once(launcher, "exit");
    sockets[0]!.end();
    await closed; // nothing runs and nothing is held
    expect(existsSync(join(root, "launcher.sock"))).to.equal(false);
  });

  it("takes one engine at a time, and the next one when that has gone", async () => {
    first.deadline(FAR_MS);
    await start(1);
    expect(await aSuccessor().isWelcome()).to.equal(false);
    engineDies();
    await theNextOne();
    expect(await aSuccessor().isWelcome()).to.equal(false);
    sockets[1]!.destroy();
    const third = await theNextOne();
    third.hello(true);
    expect((await third.told("known"))[0]!.attempt).to.include({ attemptKey: "key.1", killedBy: null });
  });

  it("gives a successor that follows what was written before it came", async () => {
    first.deadline(FAR_MS);
    await start(1);
    engineDies();
    const second = await theNextOne();
    second.hello(true);
    await second.told("listed");
    second.say((writer) => writer.begin(Request.follow).u32(1).u32(1).end());
    const heard = (await second.told("output", 2)).map(({ stream, offset, chunk }) => [
      stream,
      offset,
      chunk.toString(),
    ]);
    expect(heard).to.deep.equal([
      ["stdout", 0, "up.1\n"],
      ["stderr", 0, ""],
    ]);
    letGo(1);
    expect((await second.told("output", 3))[2]).to.deep.include({ offset: 5, chunk: Buffer.from("out.1\n") });
  });

  it("kills everything at its deadline where nobody comes, and leaves no socket", async () => {
    const pid = await start(1);
    first.deadline(300);
    engineDies();
    await once(launcher, "exit");
    expect([isAlive(pid), existsSync(join(root, "launcher.sock"))]).to.deep.equal([false, false]);
  });

  it("kills everything at once where it was told to close, or never had a deadline", async () => {
    const pid = await start(1);
    engineDies();
    await once(launcher, "exit");
    expect(isAlive(pid)).to.equal(false);
  });

  it("obeys a successor of another version that can only read its greeting and tell it to close", async () => {
    first.deadline(FAR_MS);
    const pid = await start(1);
    engineDies();
    const other = await theNextOne();
    other.say((writer) => writer.begin(Request.close).end());
    await once(launcher, "exit");
    expect(isAlive(pid)).to.equal(false);
  });
});
