import { expect } from "chai";
import { aTask } from "../fakes/builders.js";
import { settle } from "../fakes/manual-clock.js";
import { DispatchSetup } from "./dispatch-setup.js";

const EXCHANGE_MS = 3;

/** The steps of a layer run, each on a slot of its own. */
async function layer(setup: DispatchSetup, ...keys: readonly number[]): Promise<void> {
  let answer: () => void = () => undefined;
  setup.store.held = new Promise((resolve) => (answer = resolve));
  setup.store.waiting.push(...keys.map((key) => aTask(key)));
  setup.dispatcher.wake();
  await settle();
  await setup.clock.advance(EXCHANGE_MS);
  setup.store.held = null;
  answer();
  await settle();
  expect(setup.unended()).to.have.length(keys.length);
  setup.store.requests.length = 0;
}

const end = (setup: DispatchSetup, key: number): Promise<void> => {
  setup.runner.of(`s${key}`).end();
  return settle();
};

const told = ({ store }: DispatchSetup): number[][] =>
  store.requests.map(({ outcomes }) => outcomes.map(({ key }) => key));

/** Three slots, and a layer of three steps that has ended, of which the first end was told at once and brought nothing. */
async function afterALayer(): Promise<DispatchSetup> {
  const setup = new DispatchSetup({ steps: 3, calls: 1, batch: 10 });
  setup.dispatcher.start();
  await settle();
  await layer(setup, 1, 2, 3);
  for (const key of [1, 2, 3]) await end(setup, key);
  expect(told(setup)[0]).to.deep.equal([1]);
  return setup;
}

describe("dispatcher, where what comes next waits for several steps", () => {
  it("tells the ends of a layer together once it has seen that the first ones bring nothing", async () => {
    const setup = await afterALayer();
    for (const first of [4, 7]) {
      await layer(setup, first, first + 1, first + 2);
      await end(setup, first);
      await end(setup, first + 1);
      expect(told(setup)).to.deep.equal([]);
      await end(setup, first + 2);
      expect(told(setup)).to.deep.equal([[first, first + 1, first + 2]]);
    }
  });

  it("waits for no longer than an exchange takes", async () => {
    const setup = await afterALayer();
    await layer(setup, 4, 5, 6);
    await end(setup, 4);
    await setup.clock.advance(EXCHANGE_MS);
    expect(told(setup)).to.deep.equal([[4]]);
  });

  it("tells of each end at once again when one brought something while others ran", async () => {
    const setup = await afterALayer();
    await layer(setup, 4, 5, 6);
    await end(setup, 4);
    setup.store.waiting.push(aTask(7));
    await setup.clock.advance(EXCHANGE_MS);
    expect(told(setup)).to.deep.equal([[4]]);
    await end(setup, 5);
    expect(told(setup)).to.deep.equal([[4], [5]]);
  });
});
