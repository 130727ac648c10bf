import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { ScriptEnd, ScriptProcess, ScriptStart } from "@maxq/core";
import { expect } from "chai";
import { launcherPid, until } from "../processes.js";
import { onNativeLauncher, printed, Workshop } from "../workshop.js";

const FAR = 600_000;

/** Says in a file that it is there, waits until it may go, says so, and exits as it is told to. */
const HELD = `
#!/bin/bash
echo out >"$MAXQ_OUTPUT"
echo "hello from $N"
echo "+$N" >>"$SITE/log"
until [ -e "$SITE/go.$N" ]; do sleep 0.01; done
echo "-$N" >>"$SITE/log"
exit "\${CODE:-0}"
`;

onNativeLauncher("a native launcher that keeps scripts waiting", (workshop) => {
  beforeEach(() => workshop().script("held", HELD));

  /** The n-th script, one of `bound` at a time. */
  function start(n: number, bound: number | null, differences: Partial<ScriptStart> = {}): ScriptProcess {
    const env = { N: `${n}`, SITE: workshop().root, ...differences.env };
    return workshop().start("held", { bound, ...differences, env });
  }
  const letGo = (n: number) => writeFileSync(workshop().file(`go.${n}`), "");
  const log = () => {
    const file = workshop().file("log");
    return existsSync(file) ? readFileSync(file, "utf8").trimEnd().split("\n") : [];
  };
  const begun = () => log().filter((line) => line.startsWith("+"));
  const hasBegun = (n: number) => until(`${n} has begun`, () => log().includes(`+${n}`));
  /** Waiting scripts began before this one, if they began at all. */
  async function othersHadTheirChance(): Promise<void> {
    letGo(9);
    expect((await start(9, null).ended).end).to.deep.equal({ reason: "exited", exitCode: 0 });
  }
  const reasons = (ends: readonly ScriptEnd[]) => ends.map(({ end }) => end.reason);

  it("says that it does", async () => {
    start(1, 1);
    await hasBegun(1);
    expect(workshop().runner.keepsWaiting).to.equal(true);
  });

  it("begins them in their order as others end, and never more than the bound at a time", async () => {
    const scripts = [1, 2, 3, 4, 5].map((n) => start(n, 2));
    await Promise.all([hasBegun(1), hasBegun(2)]);
    letGo(2);
    await hasBegun(3);
    letGo(1);
    await hasBegun(4);
    letGo(4);
    await hasBegun(5);
    letGo(3);
    letGo(5);
    for (const script of scripts) {
      const { end, output } = await script.ended;
      expect({ end, output }).to.deep.equal({
        end: { reason: "exited", exitCode: 0 },
        output: { text: "out\n", tooLarge: false },
      });
    }
    let running = 0;
    for (const line of log()) expect((running += line.startsWith("+") ? 1 : -1)).to.be.at.most(2);
    expect(begun().slice(2)).to.deep.equal(["+3", "+4", "+5"]);
  });

  it("begins those without a bound beside them", async () => {
    const scripts = [start(1, 1), start(2, 1), start(3, null)];
    await Promise.all([hasBegun(1), hasBegun(3)]);
    expect(begun()).not.to.include("+2");
    for (const n of [1, 2, 3]) letGo(n);
    expect(reasons(await Promise.all(scripts.map(({ ended }) => ended)))).to.deep.equal(
      Array.from({ length: 3 }, () => "exited"),
    );
  });

  it("tells of an end though enough waits to go on without the engine", async () => {
    const [first] = [1, 2, 3, 4, 5].map((n) => start(n, 2));
    letGo(1);
    expect((await first!.ended).end.reason).to.equal("exited");
    expect(begun()).not.to.include("+4");
  });

  it("returns what is asked for and waits, which may be started again; what runs goes on", async () => {
    const first = start(1, 1);
    const second = start(2, 1, { attemptKey: "again.1" });
    const third = start(3, 1);
    await hasBegun(1);
    first.withdraw();
    second.withdraw();
    expect((await second.ended).end).to.deep.equal({ reason: "withdrawn" });
    const again = start(2, 1, { attemptKey: "again.1" });
    for (const n of [1, 2, 3]) letGo(n);
    const ends = await Promise.all([first, third, again].map(({ ended }) => ended));
    expect(reasons(ends)).to.deep.equal(["exited", "exited", "exited"]);
    expect(begun()).to.deep.equal(["+1", "+3", "+2"]);
    workshop().runner.recorded("again.1");
  });

  it("returns one whose input is still on its way", async () => {
    const script = start(1, 1, { runId: "a-new-run" });
    script.withdraw();
    expect((await script.ended).end).to.deep.equal({ reason: "withdrawn" });
  });

  it("returns all that waits after one that failed, and tells of that first", async () => {
    const told: string[] = [];
    const scripts = [1, 2, 3].map((n) => start(n, 1, { env: { CODE: n === 1 ? "3" : "0" } }));
    for (const { ended } of scripts) void ended.then(({ end }) => told.push(end.reason));
    await hasBegun(1);
    letGo(1);
    const [failed] = await Promise.all(scripts.map(({ ended }) => ended));
    expect(failed).to.deep.include({ end: { reason: "exited", exitCode: 3 }, output: null });
    expect(told).to.deep.equal(["exited", "withdrawn", "withdrawn"]);
    await othersHadTheirChance();
    expect(begun()).to.deep.equal(["+1", "+9"]);
  });

  it("returns all that waits after one that could not be started", async () => {
    workshop().script("bad", "\n#!/no/such/interpreter\n");
    const first = start(1, 1);
    await hasBegun(1);
    const bad = workshop().start("bad", { bound: 1 });
    const third = start(3, 1);
    letGo(1);
    expect((await first.ended).end.reason).to.equal("exited");
    expect((await bad.ended).end).to.include({ reason: "not_started", code: "SCRIPT_BAD_INTERPRETER" });
    expect((await third.ended).end.reason).to.equal("withdrawn");
  });

  it("returns all that waits after one that was to be ended, however that ended", async () => {
    workshop().script("polite", "trap 'exit 0' TERM; echo ready; while :; do sleep 0.01; done");
    const polite = workshop().start("polite", { bound: 1 });
    await printed(polite, "ready");
    const second = start(2, 1);
    polite.terminate("abort", 60_000);
    expect((await polite.ended).end).to.deep.equal({ reason: "exited", exitCode: 0 });
    expect((await second.ended).end.reason).to.equal("withdrawn");
  });

  it("does not begin one that is to be ended while it waits", async () => {
    const [first, second, third] = [1, 2, 3].map((n) => start(n, 1));
    await hasBegun(1);
    second!.terminate("abort", 60_000);
    const { end, killedBy } = await second!.ended;
    expect(end).to.include({ reason: "not_started", code: "SCRIPT_NOT_STARTED" });
    expect(killedBy).to.equal("abort");
    letGo(1);
    letGo(3);
    expect(reasons([await first!.ended, await third!.ended])).to.deep.equal(["exited", "exited"]);
    expect(begun()).to.deep.equal(["+1", "+3"]);
  });

  it("returns one that was asked for, also where it was to be ended after that", async () => {
    start(1, 1);
    const second = start(2, 1);
    await hasBegun(1);
    second.withdraw();
    second.terminate("abort", 60_000);
    expect((await second.ended).end).to.deep.equal({ reason: "withdrawn" });
  });

  it("lets one be followed that waits", async () => {
    start(1, 1);
    const second = start(2, 1);
    await hasBegun(1);
    const heard = printed(second, "hello from 2");
    letGo(1);
    await heard;
  });

  it("counts the time limit from the beginning", async () => {
    start(1, 1);
    await hasBegun(1);
    let over = false;
    const second = start(2, 1, { timeoutMs: 100 });
    void second.ended.then(() => (over = true));
    const beside = start(3, null, { timeoutMs: 100 });
    expect((await beside.ended).killedBy).to.equal("timeout");
    expect(over).to.equal(false);
    letGo(1);
    expect((await second.ended).killedBy).to.equal("timeout");
    expect(begun()).to.include("+2");
  });

  it("begins nothing that waits when it is closed", async () => {
    const scripts = [1, 2].map((n) => start(n, 1));
    await hasBegun(1);
    await workshop().runner.close();
    const ends = await Promise.all(scripts.map(({ ended }) => ended));
    expect(reasons(ends)).to.deep.equal(["signaled", "not_started"]);
    expect(ends.map(({ killedBy }) => killedBy)).to.deep.equal(["drain", "drain"]);
    expect(begun()).to.deep.equal(["+1"]);
  });

  it("refuses what waits at the deadline", async () => {
    workshop().runner.setDeadline(FAR);
    const scripts = [1, 2, 3].map((n) => start(n, 1));
    await hasBegun(1);
    workshop().runner.setDeadline(0);
    const ends = await Promise.all(scripts.map(({ ended }) => ended));
    expect(reasons(ends)).to.deep.equal(["signaled", "not_started", "not_started"]);
    expect(ends.map(({ killedBy }) => killedBy)).to.deep.equal(["fence", "fence", "fence"]);
    workshop().runner.setDeadline(FAR);
    expect(begun()).to.deep.equal(["+1"]);
  });

  it("loses what has begun when it dies, whether that was told or not, and returns what has not", async () => {
    const scripts = [1, 2, 3, 4].map((n) => start(n, n === 2 ? null : 1));
    await Promise.all([hasBegun(1), hasBegun(2)]);
    letGo(1);
    await hasBegun(3);
    process.kill(launcherPid("native"), "SIGKILL");
    const ends = await Promise.all(scripts.slice(1).map(({ ended }) => ended));
    expect(reasons(ends)).to.deep.equal(["lost", "lost", "withdrawn"]);
    const again = start(4, 1);
    letGo(4);
    expect((await again.ended).end.reason).to.equal("exited");
    expect(begun()).to.have.members(["+1", "+2", "+3", "+4"]);
  });
});

describe("a Node launcher", () => {
  it("keeps nothing waiting: what has a bound begins at once", async () => {
    const workshop = await Workshop.open("node");
    try {
      workshop.script("a", "echo ready; sleep 1000");
      const scripts = [1, 2].map(() => workshop.start("a", { bound: 1 }));
      await Promise.all(scripts.map((script) => printed(script, "ready")));
      expect(workshop.runner.keepsWaiting).to.equal(false);
    } finally {
      await workshop.close();
    }
  });
});
