import { once } from "node:events";
import { createInterface } from "node:readline";
import type { ScriptProcess } from "@maxq/core";
import { isStopped } from "@maxq/test-kit";
import { expect } from "chai";
import { engineProcess } from "../engine-process.js";
import { isAlive, launcherPid, until } from "../processes.js";
import { onBothLaunchers, printed, type Workshop } from "../workshop.js";

/** Further away than any test takes. */
const FAR = 600_000;

onBothLaunchers("a deadline", (workshop, kind) => {
  afterEach(() => workshop().runner.setDeadline(FAR));

  it("ends whole trees when it passes, and says that it was the fence", async () => {
    const { script, pids } = await aTree(workshop());
    workshop().runner.setDeadline(100);
    const { end, killedBy, stdout } = await script.ended;
    expect(end).to.deep.equal({ reason: "signaled", signal: "SIGKILL" });
    expect(killedBy).to.equal("fence");
    expect(stdout.text).to.equal("ready\n");
    expect(pids.filter(isAlive)).to.deep.equal([]);
  });

  it("keeps scripts from starting once it has passed, until there is another", async () => {
    workshop().script("a", "exit 0");
    workshop().runner.setDeadline(0);
    const refused = await workshop().start("a").ended;
    expect(refused.end).to.include({ reason: "not_started", code: "SCRIPT_NOT_STARTED" });
    expect(refused.killedBy).to.equal("fence");
    workshop().runner.setDeadline(FAR);
    const { end, killedBy } = await workshop().start("a").ended;
    expect({ end, killedBy }).to.deep.equal({ end: { reason: "exited", exitCode: 0 }, killedBy: null });
  });

  it("does not pass while it is renewed", async () => {
    workshop().script("outlives-the-first", "sleep 0.4");
    workshop().runner.setDeadline(200);
    workshop().runner.setDeadline(FAR);
    const { killedBy, durationMs } = await workshop().start("outlives-the-first").ended;
    expect(killedBy).to.equal(null);
    expect(durationMs).to.be.greaterThan(300);
  });

  it("comes second where another reason was first", async () => {
    const { script } = await aTree(workshop());
    script.terminate("abort", 60_000);
    workshop().runner.setDeadline(50);
    expect((await script.ended).killedBy).to.equal("abort");
  });

  it("holds for the launcher that takes the place of a dead one", async () => {
    workshop().script("a", "exit 0");
    workshop().runner.setDeadline(0);
    process.kill(launcherPid(kind), "SIGKILL");
    let ends = "";
    for (let tries = 0; tries < 5 && !ends.endsWith("fence "); tries++) {
      const { end, killedBy } = await workshop().start("a").ended;
      ends += `${killedBy ?? end.reason} `;
    }
    expect(ends).to.match(/^(lost |not_started )*fence $/);
  });

  it("passes while the engine is stopped, which learns of it when it goes on", async () => {
    workshop().tiny("leaves-escapees");
    const file = workshop().file("pids-of-engine");
    const engine = engineProcess("fenced-engine.ts", [
      kind,
      workshop().root,
      workshop().flowName,
      file,
      "300",
    ]);
    try {
      const lines = createInterface(engine.stdout!)[Symbol.asyncIterator]();
      const pids = await workshop().pidsIn("pids-of-engine");
      await until("the engine is stopped", () => isStopped(engine.pid!));
      await until("its scripts are gone", () => !pids.some(isAlive));
      expect(isStopped(engine.pid!)).to.equal(true);
      engine.kill("SIGCONT");
      expect((await lines.next()).value).to.equal('{"killedBy":"fence"}');
      if (engine.exitCode === null) await once(engine, "exit");
    } finally {
      engine.kill("SIGKILL");
    }
  });
});

async function aTree(workshop: Workshop): Promise<{ script: ScriptProcess; pids: number[] }> {
  workshop.tiny("leaves-escapees");
  const name = `pids-${workshop.flowName}`;
  const script = workshop.start("leaves-escapees", { env: { PIDS: workshop.file(name) } });
  await printed(script, "ready");
  return { script, pids: await workshop.pidsIn(name) };
}
