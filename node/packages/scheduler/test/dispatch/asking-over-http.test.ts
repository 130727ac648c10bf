import { expect } from "chai";
import { LONGEST_GATHER_MS } from "../../src/dispatch/claim-ahead.js";
import { aTask } from "../fakes/builders.js";
import { settle } from "../fakes/manual-clock.js";
import { DispatchSetup } from "./dispatch-setup.js";

/** A flow call that runs, and a step of the stage that it asked for over HTTP, claimed later; each exchange took so long, in ms. */
async function asked({ runId = "r", tookMs = 1 } = {}): Promise<DispatchSetup> {
  const setup = new DispatchSetup({ steps: 2, calls: 2, batch: 10 });
  for (const task of [aTask(8, { kind: "flow", id: "flow:1" }), aTask(1, { runId })]) {
    let answer: () => void = () => undefined;
    setup.store.held = new Promise((resolve) => (answer = resolve));
    setup.store.waiting.push(task);
    if (task.kind === "flow") setup.dispatcher.start();
    else setup.dispatcher.wake();
    await settle();
    await setup.clock.advance(tookMs);
    setup.store.held = null;
    answer();
    await settle();
  }
  expect(setup.started()).to.have.members(["flow:1", "s1"]);
  setup.store.requests.length = 0;
  return setup;
}

const told = ({ store }: DispatchSetup): number[][] =>
  store.requests.map(({ outcomes }) => outcomes.map(({ key }) => key));

describe("dispatcher, where a flow call asked for its stage over HTTP", () => {
  it("tells of the call's end together with that of its step", async () => {
    const setup = await asked();
    setup.runner.of("flow:1").end();
    await settle();
    expect(told(setup)).to.deep.equal([]);
    setup.runner.of("s1").end();
    await settle();
    expect(told(setup)).to.deep.equal([[8, 1]]);
  });

  it("tells of the call's end alone if its step runs for longer", async () => {
    const setup = await asked();
    setup.runner.of("flow:1").end();
    await setup.clock.advance(LONGEST_GATHER_MS);
    expect(told(setup)).to.deep.equal([[8]]);
  });

  it("tells at once of the end of a call of whose run nothing runs here", async () => {
    const setup = await asked({ runId: "other" });
    setup.runner.of("flow:1").end();
    await settle();
    expect(told(setup)).to.deep.equal([[8]]);
  });

  it("tells at once of the end of a call beside which only steps run that were claimed before it: another call may wait for it", async () => {
    const setup = await asked();
    setup.runner.of("flow:1").end();
    await setup.clock.advance(LONGEST_GATHER_MS);
    setup.store.waiting.push(aTask(9, { kind: "flow", id: "flow:2" }));
    setup.dispatcher.wake();
    await settle();
    setup.store.requests.length = 0;
    setup.runner.of("flow:2").end();
    await settle();
    expect(told(setup)).to.deep.equal([[9]]);
  });

  it("waits for a call that runs on only once", async () => {
    const setup = await asked({ tookMs: 3 });
    setup.store.waiting.push(aTask(2));
    setup.dispatcher.wake();
    await settle();
    setup.store.requests.length = 0;
    setup.runner.of("s1").end();
    await setup.clock.advance(3);
    setup.runner.of("s2").end();
    await settle();
    expect(told(setup)).to.deep.equal([[1], [2]]);
  });

  it("waits with the end of the step for that of its call, for the time of an exchange", async () => {
    const setup = await asked({ tookMs: 3 });
    setup.runner.of("s1").end();
    await setup.clock.advance(2);
    expect(told(setup)).to.deep.equal([]);
    setup.runner.of("flow:1").end();
    await settle();
    expect(told(setup)).to.deep.equal([[1, 8]]);
  });

  it("waits no longer than that", async () => {
    const setup = await asked({ tookMs: 3 });
    setup.runner.of("s1").end();
    await setup.clock.advance(3);
    expect(told(setup)).to.deep.equal([[1]]);
  });
});
