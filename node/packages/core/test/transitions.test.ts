import { expect } from "chai";
import fc from "fast-check";
import {
  canMove,
  isOver,
  renderTransitions,
  runStatuses,
  stageStatuses,
  stepStatuses,
  transitions,
  type Noun,
} from "@maxq/core";

const statuses: Record<Noun, readonly string[]> = {
  run: runStatuses,
  stage: stageStatuses,
  step: stepStatuses,
};
const nouns = Object.keys(statuses) as Noun[];
const moves = nouns.flatMap((noun) => transitions[noun].map((move) => ({ noun, ...move })));

describe("the legal moves", () => {
  it("are listed once each", () => {
    const pairs = moves.map(({ noun, from, to }) => `${noun} ${String(from)} ${to}`);
    expect(new Set(pairs).size).to.equal(pairs.length);
  });

  it("make every state reachable, and begin in pending", () => {
    for (const noun of nouns) {
      const own = transitions[noun];
      expect(own.filter((move) => move.from === null).map((move) => move.to)).to.deep.equal(["pending"]);
      expect(new Set(own.map((move) => move.to))).to.deep.equal(new Set(statuses[noun]));
    }
  });

  it("leave final states only by a retry, and no other state by one", () => {
    for (const { from, verb } of moves) expect(from !== null && isOver(from)).to.equal(verb === "retry");
  });

  it("let a run end from wherever it is", () => {
    for (const from of ["pending", "running", "paused"] as const)
      expect(canMove("run", from, "aborted")).to.equal(true);
  });

  it("let nothing else happen", () => {
    expect(canMove("run", "completed", "paused")).to.equal(false);
    expect(canMove("run", "completed", "aborted")).to.equal(false);
    expect(canMove("stage", "completed", "failed")).to.equal(false);
    expect(canMove("step", "pending", "completed")).to.equal(false);
    expect(canMove("step", "completed", "running")).to.equal(false);
    expect(canMove("step", "running", "running")).to.equal(false);
  });

  it("keep a step that is not retried in the first final state that it reaches", () => {
    const walk = fc.array(fc.constantFrom(...stepStatuses), { maxLength: 30 });
    fc.assert(
      fc.property(walk, (wishes) => {
        const legal = transitions.step.filter((move) => move.verb !== "retry");
        let state: string = "pending";
        let ended: string | null = null;
        for (const to of wishes) {
          if (!legal.some((move) => move.from === state && move.to === to)) continue;
          expect(ended).to.equal(null);
          state = to;
          if (isOver(to)) ended = to;
        }
      }),
    );
  });

  it("are rendered with every move, as diagram and table", () => {
    const page = renderTransitions();
    for (const { from, to, verb, when } of moves) {
      expect(page).to.include(`  ${from ?? "[*]"} --> ${to}: ${verb}\n`);
      expect(page).to.include(`| ${from ?? "—"} | ${to} | ${verb} | ${when} |`);
    }
    for (const { when } of moves) expect(when).not.to.match(/[|\n]/);
  });
});
