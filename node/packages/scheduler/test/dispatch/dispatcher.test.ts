import { DatabaseUnavailable, StatementFailed } from "@maxq/db";
import { expect } from "chai";
import { LONGEST_GATHER_MS, SHORTEST_GATHER_MS } from "../../src/dispatch/claim-ahead.js";
import { anEnd, aTask, captured } from "../fakes/builders.js";
import { settle } from "../fakes/manual-clock.js";
import { DispatchSetup } from "./dispatch-setup.js";

describe("dispatcher", () => {
  it("fills its slots, records what ended and claims more with the same exchange", async () => {
    const setup = await new DispatchSetup().with(3);
    const { store, runner } = setup;
    expect(setup.started()).to.deep.equal(["s1", "s2"]);
    runner.of("s1").end();
    await settle();
    expect(store.requests.at(-1)).to.deep.include({ freeSteps: 1, freeCalls: 1 });
    expect(store.recorded()).to.deep.equal([1]);
    expect(setup.started()).to.deep.equal(["s1", "s2", "s3"]);
  });

  it("has one exchange in flight, and records together what ended meanwhile", async () => {
    const setup = await new DispatchSetup({ steps: 5, calls: 1, batch: 10 }).with(5);
    let release: () => void = () => undefined;
    setup.store.held = new Promise((resolve) => (release = resolve));
    setup.runner.of("s1").end();
    await settle();
    for (const id of ["s2", "s3", "s4"]) setup.runner.of(id).end();
    await settle();
    setup.store.held = null;
    release();
    await settle();
    expect(setup.store.mostInFlight).to.equal(1);
    expect(setup.store.requests.at(-1)?.outcomes.map(({ key }) => key)).to.deep.equal([2, 3, 4]);
  });

  it("starts nothing of a stage that an exchange brings while the failure of one of its steps is not told yet", async () => {
    const setup = await new DispatchSetup().with(2);
    let release: () => void = () => undefined;
    setup.store.held = new Promise((resolve) => (release = resolve));
    setup.store.waiting.push(aTask(3), aTask(4, { stageKey: 2 }));
    setup.runner.of("s1").end();
    await settle();
    setup.runner.of("s2").end(anEnd({ end: { reason: "exited", exitCode: 1 } }));
    await settle();
    setup.store.held = null;
    release();
    let answer: () => void = () => undefined;
    setup.store.held = new Promise((resolve) => (answer = resolve));
    await settle();
    expect(setup.started()).to.deep.equal(["s1", "s2", "s4"]);
    setup.store.held = null;
    setup.store.extra = { failing: [1] };
    answer();
    await setup.clock.advance(LONGEST_GATHER_MS);
    expect(setup.started()).to.deep.equal(["s1", "s2", "s4"]);
    expect(setup.store.released()).to.deep.equal([3]);
    expect(setup.store.recorded()).to.deep.equal([1, 2]);
  });

  it("starts what was claimed ahead of a stage in which a step failed once it is known that the stage goes on", async () => {
    const setup = await new DispatchSetup({ steps: 1, calls: 1, batch: 10 }).with(1);
    await setup.queue(5);
    let answer: () => void = () => undefined;
    setup.store.held = new Promise((resolve) => (answer = resolve));
    setup.runner.of("s1").end(anEnd({ end: { reason: "exited", exitCode: 1 } }));
    await settle();
    expect(setup.started()).to.deep.equal(["s1"]);
    expect(setup.store.requests.at(-1)?.outcomes.map(({ key }) => key)).to.deep.equal([1]);
    setup.store.held = null;
    answer();
    await settle();
    expect(setup.started()).to.deep.equal(["s1", "s5"]);
    expect(setup.store.released()).to.deep.equal([]);
  });

  it("hands back what its machine cannot start, and takes nothing for a while, longer each time", async () => {
    const unable = anEnd({ end: { reason: "unable", message: "the disk is full" } });
    const setup = await new DispatchSetup().with(2);
    const { store, runner, clock } = setup;
    for (const restMs of [250, 500]) {
      store.waiting.push(aTask(3), aTask(4));
      for (const script of setup.unended()) script.end(unable);
      await clock.advance(SHORTEST_GATHER_MS);
      const { outcomes, released, freeSteps, aheadSteps, freeCalls } = store.requests.at(-1)!;
      // It was never started, so it is no attempt.
      expect(outcomes).to.deep.equal([]);
      expect(released).to.have.length(2);
      expect([freeSteps, aheadSteps, freeCalls]).to.deep.equal([0, 0, 0]);
      setup.dispatcher.wake();
      await clock.advance(restMs - SHORTEST_GATHER_MS - 1);
      expect(setup.unended()).to.deep.equal([]);
      await clock.advance(1);
      expect(setup.unended()).to.have.length(2);
    }
    runner.of("s3").end();
    await settle();
    runner.of("s4").end(unable);
    store.waiting.push(aTask(5));
    await settle();
    expect(setup.unended()).to.deep.equal([]);
    await clock.advance(250);
    expect(setup.unended()).to.have.length(1);
  });

  it("records scripts that ended together with one exchange", async () => {
    const setup = await new DispatchSetup({ steps: 5, calls: 1, batch: 10 }).with(5);
    for (const id of ["s1", "s2", "s3"]) setup.runner.of(id).end();
    await settle();
    expect(setup.store.requests.at(-1)?.outcomes).to.have.length(3);
  });

  it("does not ask again after too short an answer, until it is woken", async () => {
    const setup = await new DispatchSetup().with(1);
    const asked = setup.store.requests.length;
    await setup.clock.advance(10_000);
    expect(setup.store.requests).to.have.length(asked);
    setup.store.waiting.push(aTask(9));
    setup.dispatcher.wake();
    await settle();
    expect(setup.started()).to.deep.equal(["s1", "s9"]);
  });

  it("asks again when it was woken while the answer was under way", async () => {
    const setup = new DispatchSetup();
    let release: () => void = () => undefined;
    setup.store.held = new Promise((resolve) => (release = resolve));
    setup.dispatcher.start();
    await settle();
    setup.dispatcher.wake();
    setup.store.held = null;
    release();
    await settle();
    expect(setup.store.requests).to.have.length(2);
  });

  it("claims no more by one statement than the batch size", async () => {
    const setup = await new DispatchSetup({ steps: 10, calls: 1, batch: 4 }).with(10);
    expect(setup.store.requests.map(({ freeSteps }) => freeSteps)).to.deep.equal([4, 4, 2]);
    expect(setup.started()).to.have.length(10);
  });

  it("keeps slots of its own for flow calls", async () => {
    const setup = await new DispatchSetup().with(2);
    setup.store.waiting.push(aTask(8, { kind: "flow", id: "flow:1" }));
    setup.dispatcher.wake();
    await settle();
    expect(setup.started()).to.deep.equal(["s1", "s2", "flow:1"]);
  });

  it("hands back a claim whose run bears a word", async () => {
    const setup = new DispatchSetup();
    setup.store.waiting.push(aTask(1, { control: "pause" }));
    setup.dispatcher.start();
    await setup.clock.advance(SHORTEST_GATHER_MS);
    expect(setup.started()).to.deep.equal([]);
    expect(setup.store.released()).to.deep.equal([1]);
  });

  it("on abort hands back what waits and ends what runs, of that run only", async () => {
    const setup = await new DispatchSetup({ steps: 1, calls: 1, batch: 10 }).with(1);
    await setup.queue(5);
    setup.dispatcher.control([{ runId: "other", word: "abort" }]);
    expect(setup.runner.of("s1").kills).to.deep.equal([]);
    setup.dispatcher.control([{ runId: "r", word: "abort" }]);
    await setup.clock.advance(SHORTEST_GATHER_MS);
    expect(setup.runner.of("s1").kills).to.deep.equal([{ reason: "abort", graceMs: 5000 }]);
    expect(setup.store.released()).to.deep.equal([5]);
  });

  it("on pause lets run what runs", async () => {
    const setup = await new DispatchSetup().with(1);
    setup.dispatcher.control([{ runId: "r", word: "pause" }]);
    expect(setup.runner.of("s1").kills).to.deep.equal([]);
  });

  it("marks a step that was claimed ahead as started once it has run for 100 ms", async () => {
    const setup = await new DispatchSetup({ steps: 1, calls: 1, batch: 10 }).with(1);
    await setup.queue(5);
    setup.runner.of("s1").end();
    await settle();
    expect(setup.started()).to.deep.equal(["s1", "s5"]);
    await setup.clock.advance(250);
    const marks = setup.store.requests.flatMap(({ started }) => started);
    expect(marks).to.deep.equal([{ key: 5, attempt: 1, runId: "r" }]);
  });

  it("marks one that was claimed ahead and found a slot at once, too", async () => {
    const setup = await new DispatchSetup({ steps: 1, calls: 1, batch: 10 }).with(1);
    let release: () => void = () => undefined;
    setup.store.held = new Promise((resolve) => (release = resolve));
    setup.store.extra = { claimed: [aTask(5)] };
    void setup.dispatcher.runOnce();
    setup.runner.of("s1").end();
    await settle();
    setup.store.held = null;
    release();
    await setup.clock.advance(250);
    expect(setup.started()).to.deep.equal(["s1", "s5"]);
    const marks = setup.store.requests.flatMap(({ started }) => started);
    expect(marks).to.deep.equal([{ key: 5, attempt: 1, runId: "r" }]);
  });

  it("gives back what was claimed ahead and waited too long", async () => {
    const setup = await new DispatchSetup({ steps: 1, calls: 1, batch: 10 }).with(1);
    await setup.queue(5);
    await setup.clock.advance(400);
    expect(setup.store.released()).to.deep.equal([5]);
  });

  it("tells of runs that ended, and of idleness", async () => {
    const setup = await new DispatchSetup().with(1);
    expect(setup.idle).to.equal(0);
    setup.store.extra = { ended: [{ runId: "r", status: "completed" }] };
    setup.runner.of("s1").end();
    await setup.clock.advance(10);
    expect(setup.ended).to.deep.equal(["r"]);
    expect(setup.idle).to.equal(1);
  });

  describe("when the database is away", () => {
    const away = new DatabaseUnavailable("gone");

    it("holds outcomes and records them when it is back", async () => {
      const setup = await new DispatchSetup().with(2);
      setup.store.failing = { error: away, committed: false };
      setup.runner.of("s1").end();
      await setup.clock.advance(5000);
      setup.store.failing = null;
      await setup.clock.advance(250);
      expect(setup.store.owned.has(1)).to.equal(false);
      expect(setup.dispatcher.holdings.outcomes).to.deep.equal([]);
    });

    it("tries ever less often where all but exchanges is answered, and says so once or twice", async () => {
      const setup = await new DispatchSetup().with(2);
      setup.store.failing = { error: away, committed: false };
      setup.runner.of("s1").end();
      await settle();
      const before = setup.store.requests.length;
      await setup.clock.advance(5000);
      expect(setup.store.requests.length - before).to.be.within(15, 30);
      expect(setup.warned).to.have.length.within(1, 2);
    });

    it("gives back what was claimed ahead of a stage in which a step failed, if the word about the stage never came", async () => {
      const setup = await new DispatchSetup({ steps: 1, calls: 1, batch: 10 }).with(1);
      await setup.queue(5);
      setup.store.failing = { error: away, committed: true };
      setup.runner.of("s1").end(anEnd({ end: { reason: "exited", exitCode: 1 } }));
      await settle();
      setup.store.failing = null;
      await setup.clock.advance(250);
      expect(setup.started()).to.deep.equal(["s1"]);
      expect(setup.store.released()).to.deep.equal([5]);
    });

    it("starts what an exchange claimed whose answer never came, and does not record twice", async () => {
      const setup = await new DispatchSetup().with(3);
      setup.store.failing = { error: away, committed: true };
      setup.runner.of("s1").end();
      await settle();
      setup.store.failing = null;
      await setup.clock.advance(250);
      expect(setup.started()).to.deep.equal(["s1", "s2", "s3"]);
      expect(setup.store.recorded()).to.deep.equal([1]);
    });

    it("ends what it does not own any more", async () => {
      const setup = await new DispatchSetup().with(2);
      setup.store.owned.delete(2);
      setup.store.failing = { error: away, committed: false };
      setup.runner.of("s1").end();
      await settle();
      setup.store.failing = null;
      await setup.clock.advance(250);
      expect(setup.runner.of("s2").kills).to.deep.equal([{ reason: "fence", graceMs: 0 }]);
    });

    it("starts nothing once its lease cannot be relied on", async () => {
      const setup = await new DispatchSetup({ steps: 1, calls: 1, batch: 10 }).with(1);
      await setup.queue(5);
      setup.lease.end();
      setup.runner.of("s1").end();
      await settle();
      expect(setup.started()).to.deep.equal(["s1"]);
    });
  });

  it("records an outcome without its content rather than hold up all others for ever", async () => {
    const setup = await new DispatchSetup().with(2);
    setup.store.failing = {
      error: new StatementFailed("exchange.exchange", "22021", "invalid byte sequence", true),
      committed: false,
      when: ({ outcomes }) => outcomes.some(({ output }) => output?.stdout === "poison"),
    };
    setup.runner.of("s1").end({ stdout: captured("poison") });
    setup.runner.of("s2").end({ stdout: captured("fine") });
    await setup.clock.advance(2000);
    expect([...setup.store.owned.keys()]).to.deep.equal([]);
    const last = setup.store.requests.flatMap(({ outcomes }) => outcomes).findLast(({ key }) => key === 1);
    expect(last).to.deep.include({ result: "success", output: null });
    expect(last?.warnings[0]).to.contain("dropped");
  });

  it("records an outcome with its content however often the database refuses for a reason of its own", async () => {
    const setup = await new DispatchSetup().with(2);
    const why = "permission denied for table step_field";
    setup.store.failing = {
      error: new StatementFailed("exchange.exchange", "42501", why, false),
      committed: false,
      when: ({ outcomes }) => outcomes.length > 0,
    };
    setup.runner.of("s1").end({ stdout: captured("precious") });
    await setup.clock.advance(5000);
    const tries = setup.store.recorded().length;
    expect(tries).to.be.within(3, 25);
    setup.store.failing = null;
    await setup.clock.advance(2000);
    expect([...setup.store.owned.keys()]).to.deep.equal([2]);
    const last = setup.store.requests.flatMap(({ outcomes }) => outcomes).at(-1);
    expect(last?.output?.stdout).to.equal("precious");
    expect(last?.warnings).to.deep.equal([]);
  });

  it("closed, hands back what waits and settles when the last script is recorded", async () => {
    const setup = await new DispatchSetup({ steps: 1, calls: 1, batch: 10 }).with(1);
    await setup.queue(5);
    setup.dispatcher.close();
    let settled = false;
    void setup.dispatcher.whenSettled().then(() => (settled = true));
    await setup.clock.advance(100);
    expect(setup.store.released()).to.deep.equal([5]);
    expect(settled).to.equal(false);
    setup.runner.of("s1").end(anEnd());
    await setup.clock.advance(10);
    expect(settled).to.equal(true);
    expect(setup.store.requests.at(-1)).to.deep.include({ freeSteps: 0, aheadSteps: 0, freeCalls: 0 });
  });

  it("claims nothing more after a script was fenced that it thought it might run, until the lease is renewed", async () => {
    const setup = await new DispatchSetup().with(3);
    setup.runner.of("s1").end({ killedBy: "fence", end: { reason: "signaled", signal: "SIGKILL" } });
    await settle();
    expect([setup.fenced, setup.killedAtDeadline]).to.deep.equal([1, 1]);
    expect(setup.lease.holds()).to.equal(false);
    expect(setup.store.requests.at(-1)).to.deep.include({ freeSteps: 0, freeCalls: 0 });
    expect(setup.started()).to.deep.equal(["s1", "s2"]);
    setup.lease.renewed(setup.clock.now());
    setup.dispatcher.wake();
    await settle();
    expect(setup.started()).to.deep.equal(["s1", "s2", "s3"]);
  });
});
