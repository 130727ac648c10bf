import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { engineProcess } from "../engine-process.js";
import { isAlive, launcherPid, until } from "../processes.js";
import { onBothLaunchers, onNativeLauncher, printed, Workshop } from "../workshop.js";

onBothLaunchers("a launcher that is killed", (workshop, kind) => {
  it("takes its scripts and their escapees with it, says that they are lost, and is replaced", async () => {
    workshop().tiny("escapes");
    workshop().script("short", "exit 0");
    const go = workshop().fifo("go");
    const script = workshop().start("escapes", { env: { PIDS: workshop().file("pids"), GO: go } });
    const pids = await workshop().pidsIn("pids");
    const first = launcherPid(kind);
    process.kill(first, "SIGKILL");
    const { end, stdout } = await script.ended;
    expect(end).to.include({ reason: "lost" });
    expect(stdout.bytes).to.equal(0);
    expect(pids.filter(isAlive)).to.deep.equal([]);
    expect((await workshop().start("short").ended).end).to.deep.equal({ reason: "exited", exitCode: 0 });
    expect(launcherPid(kind)).not.to.equal(first);
  });
});

onNativeLauncher("a native launcher that is killed", (workshop) => {
  it("takes its scripts with it at once, by the kernel", async () => {
    workshop().script("a", "echo $$; exec sleep 1000");
    const script = workshop().start("a");
    let pid = 0;
    script.follow((_stream, chunk) => (pid = Number(chunk.toString())));
    await printed(script, "\n");
    process.kill(launcherPid("native"), "SIGKILL");
    await until("the script is gone", () => !isAlive(pid));
    expect((await script.ended).end.reason).to.equal("lost");
  });
});

describe("a native launcher that is killed and may be adopted", () => {
  it("leaves no socket once its engine has stopped in order", async () => {
    const workshop = await Workshop.open("native", { outlives: true });
    workshop.script("short", "exit 0");
    await workshop.start("short", { attemptKey: "short.1" }).ended;
    workshop.runner.recorded("short.1");
    expect(existsSync(join(workshop.workDir, "launcher.sock"))).to.equal(true);
    process.kill(launcherPid("native"), "SIGKILL");
    await workshop.close(); // Fails on a file that is left.
  });
});

onBothLaunchers("an engine that is killed", (workshop, kind) => {
  it("takes its launcher and all scripts with it", async () => {
    workshop().tiny(kind === "native" ? "escapes" : "holds-pipe-open");
    workshop().tiny("forever");
    const engine = engineProcess("engine.ts", [
      kind,
      workshop().root,
      workshop().flowName,
      workshop().file("pids"),
    ]);
    const pids = await workshop()
      .pidsIn("pids")
      .finally(() => engine.kill("SIGKILL"));
    await until("all are gone", () => !pids.some(isAlive));
  });
});
