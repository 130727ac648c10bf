import { expect } from "chai";
import { settle } from "../fakes/manual-clock.js";
import { DispatchSetup } from "./dispatch-setup.js";

describe("what is measured of dispatching", () => {
  it("is for how long a step could have been claimed before its start, and what lies between two steps", async () => {
    const setup = await new DispatchSetup({ steps: 1, calls: 1, batch: 10 }).with(2);
    const { measured, store } = setup;
    expect(measured.starts).to.deep.equal([["step", 0]]);
    store.waiting[0] = { ...store.waiting[0]!, waitedMs: 70 };
    let release: () => void = () => undefined;
    store.held = new Promise((resolve) => (release = resolve));
    setup.runner.of("s1").end();
    await setup.clock.advance(30);
    release();
    await settle();
    expect(measured.starts[1]).to.deep.equal(["step", 70]);
    expect(measured.hops).to.deep.equal([30]);
    expect(measured.exchanges.slice(0, 2)).to.deep.equal([
      { outcomes: 0, claimed: 1, ended: 0 },
      { outcomes: 1, claimed: 1, ended: 0 },
    ]);
  });

  it("is nothing of outcomes that came too late", async () => {
    const setup = await new DispatchSetup().with(1);
    setup.store.owned.clear();
    setup.runner.of("s1").end();
    await setup.clock.advance(10);
    expect(setup.store.recorded()).to.deep.equal([1]);
    expect(setup.measured.exchanges.at(-1)).to.deep.include({ outcomes: 0 });
  });
});
