import { maxLosses, transitions } from "@maxq/core";
import type { Driver } from "../../driver.js";
import type { VerifyStore, Violation } from "../../store/verify.js";
import { invariants } from "./invariants.js";

/** Violations of one invariant that are answered at most: the first ones tell as much as all. */
const limit = 100;

/** The invariants, asked one after the other, so that a database that is at work is not held up by them. */
export function createVerifyVerb(driver: Driver): VerifyStore {
  return {
    async verify() {
      const violations: Violation[] = [];
      for (const { name, cure } of invariants) {
        const rows = await driver.all<Omit<Violation, "invariant" | "cure">>(`verify.${name}`, {
          limit,
          maxLosses,
          moves: legalMoves,
        });
        violations.push(...rows.map((row) => ({ invariant: name, ...row, runId: row.runId || null, cure })));
      }
      return violations;
    },
  };
}

/** The table of legal moves as the stream tells of them, `step pending running`: a flow call moves as a step does, and comes from `nothing`. */
const legalMoves = JSON.stringify(
  [
    ...transitions.run.map((move) => ({ noun: "run", ...move })),
    ...transitions.stage.map((move) => ({ noun: "stage", ...move })),
    ...transitions.step.map((move) => ({ noun: "step", ...move })),
    ...transitions.step.map((move) => ({ noun: "flow", ...move })),
  ].map(({ noun, from, to }) => `${noun} ${from ?? "nothing"} ${to}`),
);
