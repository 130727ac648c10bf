import { DatabaseUnavailable } from "@maxq/db";
import { expect } from "chai";
import fc from "fast-check";
import { aTask } from "../fakes/builders.js";
import { DispatchSetup } from "./dispatch-setup.js";

/** What happens next to a dispatcher under test. */
type Move =
  | "end"
  | "end badly"
  | "wait"
  | "wait for long"
  | "lose the request"
  | "lose the answer"
  | "delay the request"
  | "arrive"
  | "recover"
  | "wake";
const moves = fc.array(
  fc.constantFrom<Move>(
    "end",
    "end",
    "end",
    "end badly",
    "wait",
    "wait for long",
    "lose the request",
    "lose the answer",
    "delay the request",
    "arrive",
    "recover",
    "wake",
  ),
  { minLength: 1, maxLength: 60 },
);

describe("dispatcher, whatever the database does", () => {
  it("runs each task once and has each recorded, with one exchange in flight and no slot exceeded", async () => {
    await fc.assert(
      fc.asyncProperty(
        moves,
        fc.integer({ min: 1, max: 4 }),
        fc.integer({ min: 0, max: 12 }),
        fc.boolean(),
        async (all, steps, tasks, keepsWaiting) => {
          const setup = new DispatchSetup({ steps, calls: 1, batch: 3 });
          setup.runner.keepsWaiting = keepsWaiting;
          setup.store.offersAgain = true;
          for (let key = 1; key <= tasks; key++) setup.store.waiting.push(aTask(key));
          setup.dispatcher.start();
          for (const move of all) {
            await act(setup, move);
            expect(setup.unended().length).to.be.at.most(steps);
          }
          await finish(setup);
          expect(setup.store.mostInFlight).to.be.at.most(1);
          expect(setup.started().sort()).to.deep.equal(
            Array.from({ length: tasks }, (_, index) => `s${index + 1}`).sort(),
          );
          expect([...setup.store.owned]).to.deep.equal([]);
          expect(setup.dispatcher.settled).to.equal(true);
        },
      ),
      { numRuns: 150 },
    );
  });
});

async function act(setup: DispatchSetup, move: Move): Promise<void> {
  const error = new DatabaseUnavailable("gone");
  if (move === "end") setup.unended()[0]?.end();
  else if (move === "end badly")
    setup.unended()[0]?.end({ killedBy: "drain", end: { reason: "exited", exitCode: 1 } });
  else if (move === "wake") setup.dispatcher.wake();
  else if (move === "recover") setup.store.failing = null;
  else if (move === "arrive") setup.store.arrive();
  else if (move === "delay the request") setup.store.failing = { error, committed: "later" };
  else if (!move.startsWith("wait")) setup.store.failing = { error, committed: move === "lose the answer" };
  await setup.clock.advance(move === "wait" ? 7 : move === "wait for long" ? 60 : 0);
}

async function finish(setup: DispatchSetup): Promise<void> {
  setup.store.failing = null;
  setup.store.arrive();
  for (let round = 0; round < 40; round++) {
    for (const script of setup.unended()) script.end();
    setup.dispatcher.wake();
    await setup.clock.advance(20);
  }
}
