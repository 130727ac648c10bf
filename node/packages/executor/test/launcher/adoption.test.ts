import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Request, StartStage } from "../../src/launcher/frames.js";
import { nativeLauncherPath } from "../../src/launcher/locate.js";
import { FramesEngine } from "../frames-engine.js";
import { isAlive, until } from "../processes.js";

const FAR_MS = 600_000;

describe("a native launcher that may be adopted", () => {
  let root: string;
  let launcher: ChildProcess;
  let first: FramesEngine;
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
    first = new FramesEngine(launcher.stdout!, launcher.stdin!);
    first.hello(false, root);
    await first.told("ready");
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    launcher.kill("SIGKILL");
    if (launcher.exitCode === null && launcher.signalCode === null) await once(launcher, "exit");
    rmSync(join(root, ".."), { recursive: true });
  });

  /** `bound`: and the generation, see `frames.ts`. */
  function send(id: number, bound: number): void {
    const env = `PATH=${process.env["PATH"]!}\0N=${id}\0`;
    first.say((writer) =>
      writer
        .begin(Request.start)
        .u32(id)
        .u32(1000)
        .u32(1000)
        .u32(bound)
        .text(`${join(root, "script.sh")}\0${root}\0\0key.${id}\0${env}`)
        .end(),
    );
  }

  async function start(id: number, bound = 0): Promise<number> {
    send(id, bound);
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
  function aSuccessor(): FramesEngine {
    const socket = connect("launcher.sock");
    sockets.push(socket);
    return new FramesEngine(socket, socket);
  }

  /** Once the launcher has noticed that the one before is gone. */
  async function theNextOne(): Promise<FramesEngine> {
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

  it("never begins what waits when the engine dies, and tells no successor of it", async () => {
    first.deadline(FAR_MS);
    const running = await start(1, 1);
    send(2, 1);
    engineDies();
    const second = await theNextOne();
    letGo(1);
    letGo(2);
    await until("the first is gone", () => !isAlive(running));
    second.hello(true);
    await second.told("listed");
    const known = await second.told("known");
    expect(known.map(({ attempt }) => attempt.attemptKey)).to.deep.equal(["key.1"]);
    expect(existsSync(join(root, "up.2"))).to.equal(false);
  });

  it("returns what was sent before the engine knew that one went wrong, and begins what was sent after that", async () => {
    await start(3, 2);
    letGo(3);
    expect((await first.told("exited"))[0]!.report.status >> 8).to.equal(3);
    const types = first.events.map(({ type }) => type);
    expect(types.indexOf("generation")).to.equal(types.indexOf("exited") - 1);
    const { generation } = (await first.told("generation"))[0]!;
    send(4, 2);
    expect((await first.told("not_started"))[0]).to.deep.include({ id: 4, stage: StartStage.withdrawn });
    await start(5, (generation << 16) | 2);
    expect(existsSync(join(root, "up.4"))).to.equal(false);
  });

  it("knows of nothing that went wrong while there was no engine, nor before", async () => {
    first.deadline(FAR_MS);
    await start(3, 3);
    const running = await start(4, 3);
    await start(5, 3);
    letGo(3);
    await first.told("exited");
    engineDies();
    first = await theNextOne();
    letGo(4);
    await until("the second is gone", () => !isAlive(running));
    first.hello(true);
    await first.told("listed");
    first.say((writer) => writer.begin(Request.resume).end());
    await first.told("exited", 2);
    await start(6, 3);
    letGo(5);
    await first.told("generation");
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
