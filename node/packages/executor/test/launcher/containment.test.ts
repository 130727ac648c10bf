import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";
import { isAlive, launcherPid, until } from "../processes.js";
import { onNativeLauncher, printed } from "../workshop.js";

onNativeLauncher("containment", (workshop) => {
  it("ends escapees, and escapees of escapees, with their script", async () => {
    workshop().tiny("escapes");
    await workshop().start("escapes", { env: { PIDS: workshop().file("pids") } }).ended;
    const pids = await workshop().pidsIn("pids");
    expect(pids.filter(isAlive)).to.deep.equal([]);
    expect(pids).to.have.length(2);
  });

  it("leaves the escapees of others alone while those run", async () => {
    workshop().tiny("escapes");
    workshop().script("short", "exit 0");
    const go = workshop().fifo("go");
    const script = workshop().start("escapes", { env: { PIDS: workshop().file("pids"), GO: go } });
    const pids = await workshop().pidsIn("pids");
    for (let n = 0; n < 5; n++) await workshop().start("short").ended;
    expect(pids.filter(isAlive)).to.deep.equal(pids);
    writeFileSync(go, "\n");
    expect((await script.ended).end).to.deep.equal({ reason: "exited", exitCode: 0 });
    expect(pids.filter(isAlive)).to.deep.equal([]);
  });

  it("ends escapees of a terminated script before it says that it has ended", async () => {
    workshop().tiny("escapes");
    const go = workshop().fifo("go");
    const script = workshop().start("escapes", { env: { PIDS: workshop().file("pids"), GO: go } });
    const pids = await workshop().pidsIn("pids");
    script.terminate("abort", 10_000);
    await script.ended;
    expect(pids.filter(isAlive)).to.deep.equal([]);
  });

  it("ends what nothing ties to a script once no older script runs", async () => {
    workshop().tiny("escapes-without-environment");
    workshop().tiny("forever");
    const older = workshop().start("forever");
    await printed(older, "ready");
    await workshop().start("escapes-without-environment", { env: { PIDS: workshop().file("pids") } }).ended;
    const [pid] = await workshop().pidsIn("pids");
    expect(isAlive(pid!), "it could be the older script's").to.equal(true);
    older.terminate("abort", 1000);
    await older.ended;
    await until("the orphan is gone", () => !isAlive(pid!));
  });

  it("is the launcher's, which has no environment and no arguments", () => {
    const pid = launcherPid("native");
    expect(readFileSync(`/proc/${pid}/environ`, "utf8")).to.equal("");
    expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).to.match(/^[^\0]*maxq-launcher\0$/);
  });

  it("hands scripts three descriptors, and pipes that can be opened again by name", async () => {
    workshop().script("a", "ls -1 /proc/self/fd | wc -l; echo again >/dev/stdout");
    // 0, 1, 2, and the one with which ls reads the directory
    expect((await workshop().start("a").ended).stdout.text).to.equal("4\nagain\n");
  });

  it("outlives TERM, INT and HUP", async () => {
    workshop().script("a", "exit 0");
    const pid = launcherPid("native");
    for (const signal of ["SIGTERM", "SIGINT", "SIGHUP"] as const) process.kill(pid, signal);
    expect((await workshop().start("a").ended).end).to.deep.equal({ reason: "exited", exitCode: 0 });
    expect(launcherPid("native")).to.equal(pid);
  });

  it("measures CPU time and peak memory, waited-for children included", async () => {
    workshop().script("cpu", "for ((i = 0; i < 100000; i++)); do :; done");
    workshop().script("memory", "head -c 50000000 /dev/zero | tail -c 50000000 | wc -c");
    const [cpu, memory] = [await workshop().start("cpu").ended, await workshop().start("memory").ended];
    expect(cpu.cpuMs).to.be.within(20, cpu.durationMs + 20);
    expect(cpu.maxRssBytes).to.be.within(1e6, 20e6);
    expect(memory.maxRssBytes).to.be.within(40e6, 120e6);
  });
});
