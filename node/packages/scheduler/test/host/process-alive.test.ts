import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect } from "chai";
import { isProcessAlive } from "../../src/host/process-alive.js";
import { ownIdentity, startTime } from "../../src/host/process-identity.js";

describe("whether a process lives", () => {
  it("is yes for this one", () => {
    expect(isProcessAlive(ownIdentity())).to.equal(true);
  });

  it("is no for one that ended, and for one whose pid was given to another", async () => {
    const child = spawn("/bin/sh", ["-c", "read line"], { stdio: ["pipe", "ignore", "ignore"] });
    const pid = child.pid!;
    const identity = { ...ownIdentity(), pid, pidStartedAt: startTime(pid)! };
    expect(isProcessAlive(identity)).to.equal(true);
    expect(isProcessAlive({ ...identity, pidStartedAt: "1" })).to.equal(false);
    child.stdin.end();
    await once(child, "exit");
    expect(isProcessAlive(identity)).to.equal(false);
  });

  it("is unknown for another host, another boot, another namespace of pids", () => {
    expect(isProcessAlive({ ...ownIdentity(), host: "elsewhere" })).to.equal("unknown");
    expect(isProcessAlive({ ...ownIdentity(), bootId: "earlier" })).to.equal("unknown");
    expect(isProcessAlive({ ...ownIdentity(), bootId: "" })).to.equal("unknown");
  });
});
