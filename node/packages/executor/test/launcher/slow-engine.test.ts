import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { decodeEvent } from "../../src/launcher/decode.js";
import { FrameReader } from "../../src/launcher/frame-reader.js";
import { FrameWriter } from "../../src/launcher/frame-writer.js";
import { PROTOCOL_VERSION, Request } from "../../src/launcher/frames.js";
import { nativeLauncherPath } from "../../src/launcher/locate.js";
import { isAlive, peakMemory, until } from "../processes.js";

const SCRIPTS = 40;
const KEPT = 100_000;

describe("a native launcher whose engine does not read", () => {
  let root: string;
  let script: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), "maxq-executor-"));
    script = join(root, "prints-much.sh");
    writeFileSync(script, `#!/bin/bash\nhead -c 3000000 /dev/zero | tr '\\0' x\necho $$ >>${root}/over\n`);
    chmodSync(script, 0o755);
  });
  after(() => rmSync(root, { recursive: true }));

  it("lets scripts run on, bounds its memory, and reports all once the engine reads again", async () => {
    const launcher = spawn(nativeLauncherPath(), [], { env: {}, stdio: ["pipe", "pipe", "inherit"] });
    const writer = new FrameWriter();
    const own = `PATH=${process.env["PATH"]!}\0`;
    writer.begin(Request.hello).u32(PROTOCOL_VERSION).u32(0).text("MAXQ_MARK=test.\0\0").end();
    for (let id = 1; id <= SCRIPTS; id++) {
      writer
        .begin(Request.start)
        .u32(id)
        .u32(KEPT)
        .u32(KEPT)
        .u32(0)
        .text(`${script}\0${root}\0\0${id}.1\0${own}`)
        .end();
      writer.begin(Request.follow).u32(id).u32(1).end();
    }
    launcher.stdin.write(writer.take());
    await until("all scripts are over", () => lines(join(root, "over")) === SCRIPTS);
    expect(peakMemory(launcher.pid!)).to.be.lessThan(30 * 1024 * 1024);
    expect(isAlive(launcher.pid!)).to.equal(true);

    const bytes: number[] = [];
    const reader = new FrameReader((type, body) => {
      const event = decodeEvent(type, body);
      if (event?.type === "exited") bytes.push(event.report.stdout.bytes);
    });
    launcher.stdout.on("data", (chunk: Buffer) => reader.push(chunk));
    launcher.stdin.end();
    await once(launcher, "close");
    expect(bytes).to.deep.equal(Array.from({ length: SCRIPTS }, () => 3_000_000));
  });
});

function lines(path: string): number {
  try {
    return readFileSync(path, "utf8").split("\n").length - 1;
  } catch {
    return 0;
  }
}
