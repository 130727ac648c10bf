import { expect } from "chai";
import { aRun } from "../kit/a-run.js";
import { failure } from "../kit/outcomes.js";
import { first } from "../kit/pages.js";
import { accepted, codeOf, type World } from "../kit/world.js";

const noRun = "00000000-0000-4000-8000-000000000000";

export function triggering(world: () => World): void {
  describe("triggering", () => {
    it("stores the run as it was given", async () => {
      const { store } = world();
      const parent = await world().create();
      const given = aRun({
        flowTitle: "A demo",
        input: { n: 0, text: "\u0000 \ud83d\ude00", list: [false, null, ""] },
        metadata: { team: "a" },
        priority: 3,
        timeoutMs: 60_000,
        name: "nightly",
        description: "of tonight",
        parentRunId: parent.id,
      });
      const { run, reason } = accepted(await store.createRun(given));
      const { idempotency, ...kept } = given;
      expect(reason).to.equal("created");
      expect(idempotency).to.equal(null);
      expect(run).to.deep.include({
        ...kept,
        status: "pending",
        output: null,
        error: null,
        terminationReason: null,
        retryOf: null,
      });
      expect(run).to.deep.include({ startedAt: null, completedAt: null, durationMs: null });
      expect(await store.getRun(run.id)).to.deep.equal(run);
    });

    for (const value of [0, false, "", null, [], {}, "\u0000", 1e21]) {
      it(`keeps the input ${JSON.stringify(value)} exactly`, async () => {
        const run = await world().create({ input: value, metadata: value });
        expect(run.input).to.deep.equal(value);
        expect(run.metadata).to.deep.equal(value);
        // First what this process remembers, then what is stored.
        expect(await world().store.runInput(run.id)).to.equal(JSON.stringify(value));
        expect(await world().store.runInput(run.id)).to.equal(JSON.stringify(value));
      });
    }

    it("keeps the order of keys", async () => {
      const run = await world().create({ input: { z: 1, a: 2, m: 3 } });
      await world().store.runInput(run.id);
      expect(await world().store.runInput(run.id)).to.equal('{"z":1,"a":2,"m":3}');
    });

    it("is stored with others that are triggered at the same time, each as it is", async () => {
      const { store } = world();
      const wanted = Array.from({ length: 130 }, (_, n) =>
        aRun({
          input: { n, text: "x".repeat(n * 200) },
          metadata: n % 3 === 0 ? { n } : {},
          priority: n % 2,
          name: n % 5 === 0 ? `the "${n}th" {of,them}, \\` : null,
          timeoutMs: n % 7 === 0 ? 60_000 + n : null,
        }),
      );
      const answers = await Promise.all(wanted.map((run) => store.createRun(run)));
      for (const [n, answer] of answers.entries()) {
        if (answer.reason !== "created") throw new Error(answer.reason);
        expect(answer.run).to.deep.include({
          input: wanted[n]!.input,
          name: wanted[n]!.name,
          status: "pending",
        });
        expect(await store.getRun(answer.run.id)).to.deep.equal(answer.run);
      }
      const named = await store.listRuns({ metadata: { n: "129" } }, first(10));
      expect(named.data.map(({ input }) => input)).to.deep.equal([wanted[129]!.input]);
    });

    it("answers text as it is stored where it holds half a character", async () => {
      const { store } = world();
      const text = "a\ud800b";
      const { run } = accepted(
        await store.createRun(aRun({ name: text, description: text, flowTitle: text })),
      );
      const stored = "a\ufffdb";
      expect(run).to.deep.include({ name: stored, description: stored, flowTitle: stored });
      expect(await store.getRun(run.id)).to.deep.equal(run);
    });

    it("refuses alone what the database does not take, and stores the others", async () => {
      const { store } = world();
      const bad = "a\u0000b";
      const answers = await Promise.allSettled(
        ["a", bad, "c"].map((name) => store.createRun(aRun({ name }))),
      );
      expect(answers.map(({ status }) => status).filter((_, n) => n !== 1)).to.deep.equal([
        "fulfilled",
        "fulfilled",
      ]);
      const { data } = await store.listRuns({}, first(10));
      expect(data.map(({ name }) => name)).to.include.members(["a", "c"]);
    });

    it("has a first flow call to claim, which starts the run", async () => {
      const run = await world().create();
      const call = await world().worker.claimCall();
      expect(call).to.deep.include({
        kind: "flow",
        runId: run.id,
        flowName: "demo",
        id: "flow:1",
        attempt: 1,
      });
      expect(call).to.deep.include({
        name: "",
        stageName: "",
        stageKey: null,
        completedStage: "",
        failedStage: "",
        control: null,
      });
      const started = await world().run(run.id);
      expect(started.status).to.equal("running");
      expect(started.startedAt).to.be.at.least(started.createdAt);
    });

    it("answers nothing about a run that does not exist", async () => {
      const { store } = world();
      expect(await store.getRun(noRun)).to.equal(null);
      expect(await store.runInput(noRun)).to.equal(null);
      expect(await store.getStep(noRun, "a")).to.equal(null);
      expect(await store.listStages(noRun)).to.deep.equal([]);
      expect(await store.listFlowCalls(noRun)).to.deep.equal([]);
      expect(await store.listFields(noRun, null, null)).to.equal(null);
    });

    it("tells who listens that there is work", async () => {
      const heard: string[] = [];
      const stop = world().store.onWakeUp((wakeUp) => heard.push(wakeUp.reason));
      await world().create();
      stop();
      expect(heard).to.include("work");
    });
  });

  describe("an idempotency key", () => {
    const keyed = (bodyHash: string) => aRun({ idempotency: { key: "once", bodyHash } });

    it("names the same run when it comes again", async () => {
      const first = accepted(await world().store.createRun(keyed("h")));
      const second = accepted(await world().store.createRun(keyed("h")));
      expect([first.reason, second.reason]).to.deep.equal(["created", "existing"]);
      expect(second.run.id).to.equal(first.run.id);
      expect(await world().worker.claimCalls()).to.have.length(1);
    });

    it("is refused with another body", async () => {
      accepted(await world().store.createRun(keyed("h")));
      expect(codeOf(await world().store.createRun(keyed("other")))).to.equal("IDEMPOTENCY_CONFLICT");
      expect(await world().worker.claimCalls()).to.have.length(1);
    });

    it("makes one run of requests that come at the same time", async () => {
      const { store, other } = world().subject;
      const answers = await Promise.all(
        [store, other, store, other].map((each) => each.createRun(keyed("h"))),
      );
      const ids = new Set(answers.map((answer) => accepted(answer).run.id));
      expect(ids.size).to.equal(1);
      expect(answers.filter((answer) => answer.reason === "created")).to.have.length(1);
      expect(await world().worker.claimCalls()).to.have.length(1);
    });

    it("tells of its run without making one", async () => {
      const { store } = world();
      const asked = { key: "once", bodyHash: "h" };
      expect(await store.runOfKey(asked)).to.equal(null);
      const { run } = accepted(await store.createRun(keyed("h")));
      expect(await store.runOfKey(asked)).to.deep.equal({ reason: "existing", run });
      const other = await store.runOfKey({ ...asked, bodyHash: "other" });
      expect(other?.reason === "refused" && other.problem.code).to.equal("IDEMPOTENCY_CONFLICT");
    });

    it("is free again when its run is deleted", async () => {
      const { run } = accepted(await world().store.createRun(keyed("h")));
      await world().store.abortRun(run.id);
      accepted(await world().store.deleteRun(run.id));
      expect(accepted(await world().store.createRun(keyed("other"))).reason).to.equal("created");
    });
  });

  describe("retrying as a new run", () => {
    it("takes over what the old one was made of", async () => {
      const { run, call } = await world().called({
        input: { a: 1 },
        metadata: { b: 2 },
        priority: 4,
        timeoutMs: 9_000,
      });
      await world().worker.record(failure(call));
      const { run: fresh } = accepted(await world().store.retryAsNewRun(run.id));
      expect(fresh.id).not.to.equal(run.id);
      expect(fresh).to.deep.include({
        flowName: "demo",
        input: { a: 1 },
        metadata: { b: 2 },
        priority: 4,
        timeoutMs: 9_000,
      });
      expect(fresh).to.deep.include({ status: "pending", retryOf: run.id, error: null });
      expect(await world().status(run.id)).to.equal("failed");
      expect((await world().worker.claimCall()).runId).to.equal(fresh.id);
    });

    it("is refused while the old one goes on, and without one", async () => {
      const run = await world().create();
      expect(codeOf(await world().store.retryAsNewRun(run.id))).to.be.oneOf([
        "STATE_CONFLICT",
        "RUN_NOT_OVER",
      ]);
      expect(codeOf(await world().store.retryAsNewRun(noRun))).to.equal("RUN_NOT_FOUND");
    });
  });
}
