/** What a flow does when it is called back, and how its run ends by that. */
import { expect } from "chai";
import { onEachDatabase } from "../system/databases.js";
import { eventsOf, statesOf } from "./events.js";
import { posts, prints, stage, told } from "./flow.js";
import { notes, starts } from "./signals.js";

onEachDatabase("callbacks", {}, (system) => {
  const runToEnd = (name: string, flow: string, steps: Readonly<Record<string, string>>) =>
    system.server.api.runToEnd(system.flows.add(name, flow, steps));
  const calls = async (runId: string) => {
    const ids = statesOf(await eventsOf(system.server.api, runId), "flow").filter(
      (each) => each === "running",
    );
    return ids.length;
  };
  const stages = (run: { stages: { name: string; status: string }[] }) =>
    Object.fromEntries(run.stages.map(({ name, status }) => [name, status]));
  const one = prints(stage("one", ["ok"]));
  const broken = prints(stage("broken", ["bad"]));
  const scripts = { ok: notes, bad: "exit 1" };
  /** Far below any timeout or poll that could end a run which nobody ends. */
  const atOnceMs = 5_000;

  describe("after a stage that completed", () => {
    it("that schedules nothing completes the run at once", async () => {
      const run = await runToEnd("nothing", told({ "/": one }), scripts);
      expect(run, JSON.stringify(run.error)).to.include({ status: "completed", terminationReason: null });
      expect(run.completedAt - run.stages[0].completedAt).to.be.lessThan(atOnceMs);
      expect(await calls(run.id)).to.equal(2);
    });

    it("that fails fails the run at once, with its exit code and the end of its stderr", async () => {
      const flow = told({ "/": one, "one/": "echo broken >&2; exit 9" });
      const run = await runToEnd("fails", flow, scripts);
      expect([run.status, run.error.code, run.terminationReason]).to.deep.equal([
        "failed",
        "FLOW_FAILED",
        "flow_failed",
      ]);
      expect(run.error.details).to.include({ exitCode: 9, stderr: "broken\n" });
      expect(run.completedAt - run.stages[0].completedAt).to.be.lessThan(atOnceMs);
      expect(stages(run)).to.deep.equal({ one: "completed" });
    });

    for (const [dialect, asks] of [
      ["prints", prints],
      ["posts", posts],
    ] as const) {
      it(`that ${dialect} an empty stage is called back for it at once, and the run completes`, async () => {
        const flow = told({ "/": one, "one/": asks(stage("two", [])) });
        const run = await runToEnd(`empty-${dialect}`, flow, scripts);
        expect(run.status, JSON.stringify(run.error)).to.equal("completed");
        expect(stages(run)).to.deep.equal({ one: "completed", two: "completed" });
        expect(await calls(run.id)).to.equal(3);
        expect(run.completedAt - run.stages[0].completedAt).to.be.lessThan(atOnceMs);
      });

      it(`that ${dialect} an empty final stage is not called again, and the run completes with its output`, async () => {
        const flow = told({ "/": one, "one/": asks(stage("two", [], { final: true, output: 7 })) });
        const run = await runToEnd(`empty-final-${dialect}`, flow, scripts);
        expect(run, JSON.stringify(run.error)).to.include({ status: "completed", output: 7 });
        expect(await calls(run.id)).to.equal(2);
      });
    }
  });

  describe("after a stage that failed", () => {
    const after = (callback: string) => told({ "/": broken, "/broken": callback });
    const ends = async (name: string, callback: string) => {
      const run = await runToEnd(name, after(callback), scripts);
      expect([run.status, run.error.code, run.terminationReason]).to.deep.equal([
        "failed",
        "STEP_FAILED",
        "step_failed",
      ]);
      expect(run.completedAt - run.stages[0].completedAt).to.be.lessThan(atOnceMs);
      return run;
    };

    it("that schedules nothing, or fails, leaves the run failed for the step's reason", async () => {
      expect(await calls((await ends("failed-nothing", ":")).id)).to.equal(2);
      await ends("failed-fails", "exit 3");
      await ends("failed-killed", "kill -KILL $$");
    });

    it("that schedules an empty stage leaves the run failed", async () => {
      const run = await ends("failed-empty", prints(stage("cleanup", [])));
      expect(stages(run)).to.deep.equal({ broken: "failed", cleanup: "completed" });
      const final = await ends("failed-empty-final", posts(stage("cleanup", [], { final: true })));
      expect(stages(final)).to.deep.equal({ broken: "failed", cleanup: "completed" });
      expect(await calls(final.id)).to.equal(2);
    });

    it("that asks for that stage again adds nothing, and the run fails once", async () => {
      const run = await runToEnd("asks-again", told({ "*": broken }), scripts);
      expect([run.status, run.error.code]).to.deep.equal(["failed", "STEP_FAILED"]);
      expect(await calls(run.id)).to.equal(2);
      const events = await eventsOf(system.server.api, run.id);
      expect(statesOf(events, "run")).to.deep.equal(["pending", "running", "failed"]);
    });

    it("that schedules a clean-up has it run, and the run is failed", async () => {
      for (const more of [{}, { final: true }]) {
        const run = await ends(`cleanup-${"final" in more}`, prints(stage("cleanup", ["ok"], more)));
        expect(stages(run)).to.deep.equal({ broken: "failed", cleanup: "completed" });
        expect(starts(system, run.id)).to.deep.equal(["ok 1"]);
      }
    });

    it("that schedules a stage with recover has the run go on and complete: MAXQ_FAILED_STAGE is empty again", async () => {
      const flow = told({
        "/": one,
        "one/": broken,
        "one/broken": prints(stage("rescue", [{ id: "rescue", name: "ok" }], { recover: true })),
        "rescue/": prints(stage("last", [{ id: "last", name: "ok" }])),
        "*": "exit 1",
        "last/": ":",
      });
      const run = await runToEnd("recovers", flow, scripts);
      expect(run, JSON.stringify(run.error)).to.include({
        status: "completed",
        error: null,
        terminationReason: null,
      });
      expect(stages(run)).to.deep.equal({
        one: "completed",
        broken: "failed",
        rescue: "completed",
        last: "completed",
      });
      expect(starts(system, run.id)).to.deep.equal(["ok 1", "rescue 1", "last 1"]);
    });

    it("that schedules a stage with recover which fails too leaves the run failed, for the first reason", async () => {
      const flow = after(prints(stage("rescue", [{ id: "rescue", name: "bad" }], { recover: true })));
      const run = await runToEnd("rescue-fails", flow, scripts);
      expect([run.status, run.error.details.stage]).to.deep.equal(["failed", "broken"]);
      expect(stages(run)).to.deep.equal({ broken: "failed", rescue: "failed" });
    });
  });

  it("of two stages scheduled in one call are two, one after the other, each told of its stage", async () => {
    const alone = `here="$TEST_SIGNALS/$MAXQ_RUN_ID.call"; mkdir "$here" || exit 1
      echo "$MAXQ_COMPLETED_STAGE/$MAXQ_FAILED_STAGE" >> "$TEST_SIGNALS/$MAXQ_RUN_ID.starts"`;
    const both = `${posts(stage("left", ["l"]))}\n${posts(stage("right", ["r"]))}`;
    // Long enough for the other's callback to begin if it were let.
    const slow = `for n in 1 2 3 4 5 6; do curl -fsS "$MAXQ_API/runs/$MAXQ_RUN_ID" > /dev/null; done`;
    const flow = `${alone}\n${told({ "/": both, "*": slow })}\nrmdir "$here"`;
    for (let round = 0; round < 3; round++) {
      const run = await runToEnd("two-at-once", flow, { l: ":", r: ":" });
      expect(run.status, JSON.stringify(run.error)).to.equal("completed");
      expect(starts(system, run.id)[0]).to.equal("/");
      expect(starts(system, run.id).slice(1).sort()).to.deep.equal(["left/", "right/"]);
      const open = new Set<string>();
      for (const { type, data } of await eventsOf(system.server.api, run.id)) {
        if (type !== "flow") continue;
        if (data.status === "running") open.add(data.id as string);
        else open.delete(data.id as string);
        expect(open.size).to.be.lessThan(2);
      }
    }
  });
});
