import { once } from "node:events";
import { readFileSync } from "node:fs";
import { expect } from "chai";
import { killRemains } from "../../src/index.js";
import { ownerMark } from "../../src/remains/owner.js";
import { engineProcess } from "../engine-process.js";
import { isAlive, processesWith } from "../processes.js";
import { onBothLaunchers, onNativeLauncher, Workshop } from "../workshop.js";

let owners = 0;

onBothLaunchers("what a dead process left", (workshop, kind) => {
  it("is gone when its engine was killed, launcher included", async () => {
    const dead = await anOwner(workshop(), kind);
    process.kill(dead.engine.pid!, "SIGKILL");
    expect(await killRemains(dead.mark)).to.equal(true);
    expect([...dead.pids, dead.launcher].filter(isAlive)).to.deep.equal([]);
  });

  it("is gone when engine and launcher were killed", async () => {
    const dead = await anOwner(workshop(), kind);
    dead.engine.kill("SIGSTOP"); // or it would clear up after its launcher
    process.kill(dead.launcher, "SIGKILL");
    dead.engine.kill("SIGKILL");
    await once(dead.engine, "exit");
    expect(await killRemains(dead.mark)).to.equal(true);
    expect(dead.pids.filter(isAlive)).to.deep.equal([]);
  });

  it("is nobody else's", async () => {
    const living = await anOwner(workshop(), kind);
    const { pid, pidStartedAt, bootId } = living.owner;
    await killRemains(ownerMark({ bootId, pid, pidStartedAt: `${pidStartedAt}1` })!);
    await killRemains(ownerMark({ bootId: "another boot", pid, pidStartedAt })!);
    expect(ownerMark({ bootId: "", pid, pidStartedAt })).to.equal(null);
    await killRemains("");
    expect([...living.pids, living.launcher].filter((found) => !isAlive(found))).to.deep.equal([]);
    living.engine.kill("SIGKILL");
    expect(await killRemains(living.mark)).to.equal(true);
  });

  it("carries the owner's name in the environment, and the launcher nothing else", async () => {
    const { mark: name, launcher, pids, engine } = await anOwner(workshop(), kind);
    expect(readFileSync(`/proc/${launcher}/environ`, "latin1")).to.equal(`MAXQ_LAUNCHER_OF=${name}\0`);
    for (const pid of pids)
      expect(readFileSync(`/proc/${pid}/environ`, "latin1")).to.match(
        new RegExp(`(^|\0)MAXQ_MARK=${name}\\.[0-9a-f]{24}\\.1\0`),
      );
    engine.kill("SIGKILL");
    await killRemains(name);
  });
});

onNativeLauncher("what a dead process left without a trace in its environment", (workshop) => {
  it("is gone, too, where a cgroup holds it; elsewhere only the rest is", async () => {
    const escapes = `env -i setsid bash -c 'echo $$ >'"$PIDS.new"'; exec sleep 1000' &
      until [ -s "$PIDS.new" ]; do sleep 0.01; done
      sleep 1000 & echo "$$ $! $(cat "$PIDS.new")" >"$PIDS"; echo ready; wait`;
    workshop().script("leaves-no-trace", escapes);
    const dead = await anOwner(workshop(), "native", "leaves-no-trace");
    const held = hasItsOwnCgroup(dead.launcher);
    dead.engine.kill("SIGSTOP");
    process.kill(dead.launcher, "SIGKILL");
    dead.engine.kill("SIGKILL");
    await once(dead.engine, "exit");
    await killRemains(dead.mark);
    const left = dead.pids.filter(isAlive);
    for (const pid of left) process.kill(pid, "SIGKILL");
    expect(left).to.deep.equal(held ? [] : [dead.pids[2]]);
  });

  it("is held by what the runner says that it is held by", async () => {
    const owned = await Workshop.open("native", { mark: `test-${process.pid}-0` });
    const level = hasItsOwnCgroup(launcherOf(`test-${process.pid}-0`)) ? "cgroup" : "subreaper";
    expect(owned.runner.containment).to.equal(level);
    await owned.close();
  });
});

function hasItsOwnCgroup(launcher: number): boolean {
  return /^0::.*\/maxq-[^/]+$/m.test(readFileSync(`/proc/${launcher}/cgroup`, "utf8"));
}

function launcherOf(mark: string): number {
  return processesWith(`MAXQ_LAUNCHER_OF=${mark}`)[0]!;
}

async function anOwner(workshop: Workshop, kind: "native" | "node", stepName = "leaves-escapees") {
  if (stepName === "leaves-escapees") workshop.tiny(stepName);
  const owner = { bootId: `a boot, for a test of ${process.pid}`, pid: 1, pidStartedAt: `${++owners}` };
  const file = `pids-${workshop.flowName}`;
  const engine = engineProcess("remains/owned-engine.ts", [
    kind,
    workshop.root,
    workshop.flowName,
    workshop.file(file),
    JSON.stringify(owner),
    stepName,
  ]);
  const [line] = (await once(engine.stdout!, "data")) as [Buffer];
  return {
    owner,
    mark: ownerMark(owner)!,
    engine,
    launcher: Number(line.toString()),
    pids: await workshop.pidsIn(file),
  };
}
