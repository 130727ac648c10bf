import { DatabaseUnavailable } from "@maxq/db";
import { expect } from "chai";
import { anEnd, aTask } from "../fakes/builders.js";
import { settle } from "../fakes/manual-clock.js";
import { DispatchSetup } from "./dispatch-setup.js";

const failed = anEnd({ end: { reason: "exited", exitCode: 1 } });

/** Two slots, and a launcher that keeps scripts waiting; both run, and one step has ended in so many ms. */
async function setUp(durationMs = 5): Promise<DispatchSetup> {
  const setup = new DispatchSetup();
  setup.runner.keepsWaiting = true;
  await setup.with(3);
  setup.runner.of("s1").end({ durationMs });
  await settle();
  expect(setup.started()).to.deep.equal(["s1", "s2", "s3"]);
  return setup;
}

/** The same, and steps 4 and 5, claimed ahead, wait at the launcher. */
async function withWaiting(): Promise<DispatchSetup> {
  const setup = await setUp();
  await queue(setup, 4, 5);
  expect(setup.waiting()).to.deep.equal(["s4", "s5"]);
  return setup;
}

async function queue(setup: DispatchSetup, ...keys: number[]): Promise<void> {
  for (const key of keys) await setup.queue(key);
}

describe("handing steps over beyond the slots", () => {
  it("lets the launcher begin the next one, and counts what waits there as claimed ahead", async () => {
    const setup = await withWaiting();
    const { holdings } = setup.dispatcher;
    expect([holdings.busySteps, holdings.ahead]).to.deep.equal([2, 2]);
    setup.runner.of("s2").end();
    expect(setup.started()).to.deep.equal(["s1", "s2", "s3", "s4"]);
    await settle();
    expect([holdings.busySteps, holdings.ahead]).to.deep.equal([2, 1]);
  });

  it("hands over as many as there are slots, the rest stays in the queue", async () => {
    const setup = await withWaiting();
    await queue(setup, 6);
    expect(setup.waiting()).to.deep.equal(["s4", "s5"]);
    expect(setup.dispatcher.holdings.queue.map(({ task }) => task.id)).to.deep.equal(["s6"]);
  });

  it("is for short steps only, and not before it is known how long they take", async () => {
    const unknown = new DispatchSetup();
    unknown.runner.keepsWaiting = true;
    await unknown.with(2);
    await queue(unknown, 4);
    expect(unknown.waiting()).to.deep.equal([]);
    const long = await setUp(26);
    await queue(long, 4);
    expect(long.waiting()).to.deep.equal([]);
  });

  it("is not for steps beside such as run for long now", async () => {
    const setup = await setUp();
    await setup.clock.advance(60);
    await queue(setup, 4);
    expect(setup.waiting()).to.deep.equal([]);
  });

  it("is not done where the runner keeps nothing waiting", async () => {
    const setup = await setUp();
    setup.runner.keepsWaiting = false;
    await queue(setup, 4);
    expect(setup.runner.scripts).to.have.length(3);
  });

  it("is measured as a start when it begins, not when it is handed over", async () => {
    const setup = await withWaiting();
    expect(setup.measured.starts).to.have.length(3);
    await setup.clock.advance(20);
    setup.runner.of("s2").end();
    await settle();
    expect(setup.measured.starts.slice(3)).to.deep.equal([["step", 20]]);
  });

  it("ends after a step that did not end well, until one does", async () => {
    const setup = await withWaiting();
    setup.store.waiting.push(aTask(6, { stageKey: 2 }));
    setup.runner.of("s2").end(failed);
    await setup.clock.advance(50);
    await queue(setup, 7, 8);
    expect(setup.waiting()).to.deep.equal([]);
    setup.runner.of("s3").end();
    await settle();
    expect(setup.waiting()).not.to.deep.equal([]);
  });

  it("gives back on pause what waits, and lets run what runs", async () => {
    const setup = await withWaiting();
    setup.dispatcher.control([{ runId: "r", word: "pause" }]);
    await setup.clock.advance(50);
    expect(setup.waiting()).to.deep.equal([]);
    expect(setup.store.released()).to.deep.equal([4, 5]);
    expect(setup.unended().map(({ start }) => start.stepId)).to.deep.equal(["s2", "s3"]);
    expect(setup.unended().flatMap(({ kills }) => kills)).to.deep.equal([]);
  });

  it("gives back on abort what waits, and ends what runs", async () => {
    const setup = await withWaiting();
    setup.dispatcher.control([{ runId: "r", word: "abort" }]);
    await setup.clock.advance(50);
    expect(setup.store.released()).to.deep.equal([4, 5]);
    const kills = setup.unended().flatMap((script) => script.kills);
    expect(kills.map(({ reason }) => reason)).to.deep.equal(["abort", "abort"]);
    expect(setup.started()).to.deep.equal(["s1", "s2", "s3"]);
  });

  it("gives back what waits of a stage that a failed step ends, and starts what waits of others", async () => {
    const setup = await setUp();
    setup.store.extra = { claimed: [aTask(4), aTask(5, { stageKey: 2 })] };
    for (const task of setup.store.extra.claimed!) setup.store.owned.set(task.key, task);
    await setup.dispatcher.runOnce();
    expect(setup.waiting()).to.deep.equal(["s4", "s5"]);
    setup.store.extra = { failing: [1] };
    setup.runner.of("s2").end(failed);
    await setup.clock.advance(50);
    expect(setup.store.released()).to.deep.equal([4]);
    expect(setup.started()).to.deep.equal(["s1", "s2", "s3", "s5"]);
    expect(setup.store.recorded()).to.include(2);
  });

  for (const [what, word] of [
    ["of a stage that failed, its store says", null],
    ["of a run that is paused", "pause"],
  ] as const)
    it(`gives back what was thought to run and comes back late, ${what}`, async () => {
      const setup = await withWaiting();
      const late = setup.runner.of("s4");
      late.canBeWithdrawn = false;
      setup.store.extra = word === null ? { failing: [1] } : { controls: [{ runId: "r", word }] };
      setup.runner.of("s2").end(failed);
      await setup.clock.advance(50);
      expect(setup.store.recorded()).to.include(2);
      late.canBeWithdrawn = true;
      late.withdraw();
      await setup.clock.advance(50);
      expect(setup.store.released()).to.include(4);
      expect(setup.runner.of("s4")).to.equal(late);
    });

  it("gives back what waits when it is closed, starts nothing more, and settles when the last has ended", async () => {
    const setup = await withWaiting();
    await queue(setup, 6);
    setup.dispatcher.close();
    let settled = false;
    void setup.dispatcher.whenSettled().then(() => (settled = true));
    await setup.clock.advance(50);
    expect(setup.store.released()).to.have.members([4, 5, 6]);
    for (const script of setup.unended()) script.end();
    await setup.clock.advance(50);
    expect(settled).to.equal(true);
    expect(setup.started()).to.deep.equal(["s1", "s2", "s3"]);
  });

  it("gives back what comes from the launcher when nothing may be started any more", async () => {
    const setup = await withWaiting();
    setup.runner.of("s4").canBeWithdrawn = false;
    setup.lease.end();
    setup.runner.of("s5").withdraw();
    await setup.clock.advance(50);
    expect(setup.store.released()).to.deep.equal([5]);
  });

  it("lets run on what has begun before it could be taken back", async () => {
    const setup = await withWaiting();
    const fourth = setup.runner.of("s4");
    fourth.canBeWithdrawn = false;
    setup.dispatcher.control([{ runId: "r", word: "pause" }]);
    setup.runner.of("s2").end();
    await setup.clock.advance(50);
    expect(fourth.began).to.equal(true);
    fourth.end();
    await setup.clock.advance(50);
    expect(setup.store.recorded()).to.deep.equal([1, 2, 4]);
    expect(setup.store.released()).to.deep.equal([5]);
  });

  it("takes back what waits for long, in its order and to the front of the queue, and gives it back later", async () => {
    const setup = await withWaiting();
    await queue(setup, 6);
    const { holdings } = setup.dispatcher;
    await setup.clock.advance(110);
    expect(setup.waiting()).to.deep.equal([]);
    expect(holdings.queue.map(({ task }) => task.id)).to.deep.equal(["s4", "s5", "s6"]);
    expect(setup.store.released()).to.deep.equal([]);
    setup.runner.of("s3").end();
    await settle();
    expect(setup.started().at(-1)).to.equal("s4");
    await setup.clock.advance(300);
    expect(setup.store.released()).to.deep.equal([5, 6]);
  });

  it("does not mark as started what waits", async () => {
    const setup = await withWaiting();
    setup.runner.of("s4").canBeWithdrawn = false;
    setup.runner.of("s5").canBeWithdrawn = false;
    await setup.clock.advance(200);
    const marks = () => setup.store.requests.flatMap(({ started }) => started.map(({ key }) => key));
    expect(marks()).to.deep.equal([]);
    setup.runner.of("s2").end();
    await setup.clock.advance(250);
    expect(marks()).to.deep.equal([4]);
  });

  it("records what was refused at the deadline like any start, and claims nothing more", async () => {
    const setup = await withWaiting();
    const refused = { reason: "not_started", code: "SCRIPT_NOT_STARTED", message: "too late" } as const;
    setup.runner.of("s4").end({ killedBy: "fence", end: refused });
    await settle();
    expect([setup.fenced, setup.killedAtDeadline]).to.deep.equal([1, 0]);
    const outcomes = setup.store.requests.flatMap((request) => request.outcomes);
    expect(outcomes.at(-1)).to.deep.include({ key: 4, result: "handed_back", killedBy: "fence" });
  });

  it("never starts again here what it does not own any more", async () => {
    const setup = await withWaiting();
    setup.store.owned.delete(4);
    setup.store.failing = { error: new DatabaseUnavailable("gone"), committed: false };
    for (const id of ["s4", "s5"]) setup.runner.of(id).canBeWithdrawn = false;
    void setup.dispatcher.runOnce();
    await settle();
    setup.store.failing = null;
    await setup.clock.advance(300);
    expect(setup.runner.of("s4").kills).to.deep.equal([{ reason: "fence", graceMs: 0 }]);
    expect(setup.runner.scripts.filter(({ start }) => start.stepId === "s4")).to.have.length(1);
  });

  it("records an outcome that is heard of before the end for which the script waited", async () => {
    const setup = await withWaiting();
    const fourth = setup.runner.of("s4");
    fourth.waits = false; // its predecessor's output is being read
    fourth.end();
    await setup.clock.advance(50);
    setup.runner.of("s2").end();
    await setup.clock.advance(50);
    expect(setup.store.recorded()).to.deep.equal([1, 4, 2]);
    expect(setup.started()).to.deep.equal(["s1", "s2", "s3", "s4", "s5"]);
    expect(setup.measured.starts).to.have.length(5);
    expect(setup.dispatcher.holdings.busySteps).to.equal(2);
  });
});
