import { expect } from "chai";
import fc from "fast-check";
import { decideFlush, type FlushView } from "../../src/dispatch/flush-policy.js";

const count = fc.nat({ max: 20 });
const aView: fc.Arbitrary<FlushView> = fc
  .record({
    finishedSteps: count,
    urgentCalls: count,
    notes: count,
    age: fc.double({ min: 0, max: 20, noNaN: true }),
    emptySteps: count,
    emptyCalls: count,
    queued: count,
    ahead: fc.record({ reserve: count, gatherMs: fc.constantFrom(10, 40) }),
    patienceMs: fc.constantFrom(0, 3),
    mayAskSteps: fc.boolean(),
    mayAskCalls: fc.boolean(),
  })
  .map(({ age, ...view }) => ({
    ...view,
    waitingSince: view.finishedSteps + view.urgentCalls + view.notes > 0 ? 1000 - age : null,
  }));

describe("flush policy", () => {
  it("sends at once if something is finished and a slot would stand empty", () => {
    fc.assert(
      fc.property(aView, (view) => {
        if (view.finishedSteps > 0 && view.emptySteps > 0 && view.patienceMs === 0)
          expect(decideFlush(view, 1000).action).to.equal("send");
        if (view.urgentCalls > 0 && view.emptyCalls > 0)
          expect(decideFlush(view, 1000).action).to.equal("send");
      }),
    );
  });

  it("lets nothing wait longer than the gathering time", () => {
    fc.assert(
      fc.property(aView, (view) => {
        const decision = decideFlush(view, 1000);
        if (view.waitingSince === null) return;
        expect(decision.action).not.to.equal("rest");
        if (decision.action === "wait")
          expect(1000 - view.waitingSince + decision.ms).to.be.at.most(view.ahead.gatherMs + 1e-6);
      }),
    );
  });

  it("does not ask for work alone after an answer with too little", () => {
    fc.assert(
      fc.property(aView, (view) => {
        const starved = { ...view, mayAskSteps: false, mayAskCalls: false };
        const nothing = { ...starved, finishedSteps: 0, urgentCalls: 0, notes: 0, waitingSince: null };
        expect(decideFlush(nothing, 1000)).to.deep.equal({ action: "rest" });
      }),
    );
  });

  const gathering: FlushView = {
    finishedSteps: 1,
    urgentCalls: 0,
    notes: 0,
    waitingSince: 999,
    emptySteps: 0,
    emptyCalls: 0,
    patienceMs: 0,
    queued: 6,
    ahead: { reserve: 5, gatherMs: 40 },
    mayAskSteps: true,
    mayAskCalls: true,
  };

  it("gathers until what was claimed ahead is used up to its reserve", () => {
    expect(decideFlush(gathering, 1000)).to.deep.equal({ action: "wait", ms: 39 });
    expect(decideFlush({ ...gathering, queued: 5 }, 1000).action).to.equal("send");
  });

  it("uses up the reserve, too, where no more is to be had", () => {
    const last = { ...gathering, mayAskSteps: false };
    expect(decideFlush({ ...last, queued: 1 }, 1000)).to.deep.equal({ action: "wait", ms: 39 });
    expect(decideFlush({ ...last, queued: 0 }, 1000).action).to.equal("send");
  });

  it("is patient for the time of an exchange beside an empty slot for which the last one brought nothing", () => {
    const layer = { ...gathering, mayAskSteps: false, emptySteps: 9, queued: 0, patienceMs: 3 };
    expect(decideFlush(layer, 1000)).to.deep.equal({ action: "wait", ms: 2 });
    expect(decideFlush(layer, 1002).action).to.equal("send");
    expect(decideFlush({ ...layer, mayAskSteps: true }, 1000).action).to.equal("send");
  });
});
