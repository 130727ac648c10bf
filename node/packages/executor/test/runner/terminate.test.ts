import { expect } from "chai";
import { launcherPid } from "../processes.js";
import { onBothLaunchers, printed } from "../workshop.js";

onBothLaunchers("terminating a script", (workshop, kind) => {
  it("sends SIGTERM to its whole group", async () => {
    workshop().tiny("forever");
    const script = workshop().start("forever");
    await printed(script, "ready");
    script.terminate("abort", 60_000);
    const { end, killedBy } = await script.ended;
    expect(end).to.deep.equal({ reason: "signaled", signal: "SIGTERM" });
    expect(killedBy).to.equal("abort");
  });

  it("lets it clean up, and says how it exited", async () => {
    workshop().tiny("cleans-up-on-sigterm");
    const script = workshop().start("cleans-up-on-sigterm");
    await printed(script, "ready");
    script.terminate("drain", 60_000);
    const { end, killedBy, stdout } = await script.ended;
    expect(end).to.deep.equal({ reason: "exited", exitCode: 7 });
    expect(killedBy).to.equal("drain");
    expect(stdout.text).to.equal("ready\ncleaned up\n");
  });

  it("lets its children clean up, too, after it is gone itself", async () => {
    workshop().tiny("child-cleans-up");
    const script = workshop().start("child-cleans-up");
    await printed(script, "ready");
    script.terminate("abort", 60_000);
    expect((await script.ended).stdout.text).to.equal("ready\nchild cleaned up\n");
  });

  it("kills what ignores SIGTERM when the grace is over", async () => {
    workshop().tiny("ignores-sigterm");
    const script = workshop().start("ignores-sigterm");
    await printed(script, "ready");
    const asked = performance.now();
    script.terminate("abort", 150);
    const { end } = await script.ended;
    expect(end).to.deep.equal({ reason: "signaled", signal: "SIGKILL" });
    expect(performance.now() - asked).to.be.at.least(149);
  });

  it("keeps the first reason and honours a shorter grace that comes later", async () => {
    workshop().tiny("ignores-sigterm");
    const script = workshop().start("ignores-sigterm");
    await printed(script, "ready");
    script.terminate("abort", 60_000);
    script.terminate("drain", 120_000);
    script.terminate("timeout", 50);
    expect((await script.ended).killedBy).to.equal("abort");
  });

  it("keeps a script from starting whose input is still on its way", async () => {
    workshop().script("a", "exit 0");
    const script = workshop().start("a", { runId: "a-new-run" });
    script.terminate("abort", 1000);
    const { end, killedBy } = await script.ended;
    expect(end).to.include({ reason: "not_started", code: "SCRIPT_NOT_STARTED" });
    expect(killedBy).to.equal("abort");
  });

  it("changes nothing once it has ended", async () => {
    workshop().script("a", "exit 0");
    const script = workshop().start("a");
    await script.ended;
    script.terminate("abort", 0);
    expect((await script.ended).killedBy).to.equal(null);
  });

  it("kills a launcher that does not run, and all that it runs with it", async () => {
    workshop().tiny("forever");
    workshop().script("short", "exit 0");
    const scripts = [1, 2].map(() => workshop().start("forever"));
    await Promise.all(scripts.map((script) => printed(script, "ready")));
    process.kill(launcherPid(kind), "SIGSTOP");
    scripts[0]!.terminate("abort", 0);
    const ends = await Promise.all(scripts.map(({ ended }) => ended));
    expect(ends.map(({ end, killedBy }) => [end.reason, killedBy])).to.deep.equal([
      ["lost", "abort"],
      ["lost", null],
    ]);
    expect((await workshop().start("short").ended).end).to.deep.equal({ reason: "exited", exitCode: 0 });
  });

  it("happens by itself when its time is over", async () => {
    workshop().tiny("forever");
    const { end, killedBy } = await workshop().start("forever", { timeoutMs: 100 }).ended;
    expect(end.reason).to.equal("signaled");
    expect(killedBy).to.equal("timeout");
  });
});

onBothLaunchers("closing a runner", (workshop) => {
  it("kills all that still runs, and nothing starts afterwards", async () => {
    workshop().tiny("ignores-sigterm");
    const scripts = Array.from({ length: 20 }, () => workshop().start("ignores-sigterm"));
    await Promise.all(scripts.map((script) => printed(script, "ready")));
    await Promise.all([workshop().runner.close(), workshop().runner.close()]);
    for (const script of scripts) {
      expect((await script.ended).end).to.deep.equal({ reason: "signaled", signal: "SIGKILL" });
    }
    expect((await workshop().start("ignores-sigterm").ended).end).to.include({ reason: "not_started" });
  });
});
