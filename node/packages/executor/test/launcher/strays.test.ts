import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect } from "chai";
import { processOf } from "../../src/launcher/processes.js";
import { killStrays } from "../../src/launcher/strays.js";

describe("what a script left behind", () => {
  it("is gone only when it has died, which takes a large process a while without an environment", async () => {
    const large = "const all = Buffer.alloc(400e6, 1); console.log(all.length); setInterval(() => {}, 1e6)";
    const MAXQ_MARK = `strays-test-${process.pid}.1`;
    const left = spawn("nice", ["-n", "19", process.execPath, "-e", large], {
      env: { MAXQ_MARK, PATH: process.env["PATH"] },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const ended = once(left, "exit");
    await once(left.stdout, "data");
    const gone = await killStrays(`MAXQ_MARK=${MAXQ_MARK}\0`, []);
    expect(processOf(left.pid!)).to.equal(null);
    expect(gone).to.equal(true);
    await ended;
  });
});
