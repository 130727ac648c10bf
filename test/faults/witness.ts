/** How scripts show, outside of every database, when they began and ended, and that no two of one step ran at a time. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

/**
 * A step or flow script that adds `begin` and `end` lines to `$TEST_SIGNALS/witness`, and `overlap` if another script of the same step lives: a lock on a
 * file of the step's name is held as long as the script lives. `work` comes in between; if it exits, there is no `end`.
 */
export function witnessed(work: string): string {
  return `#!/bin/bash
note() { echo "$1 $MAXQ_RUN_ID \${MAXQ_STEP_ID:-flow:$MAXQ_COMPLETED_STAGE/$MAXQ_FAILED_STAGE} $MAXQ_ATTEMPT $$" >>"$TEST_SIGNALS/witness"; }
exec 9>"$TEST_SIGNALS/lock.$MAXQ_RUN_ID.\${MAXQ_STEP_ID:-flow}"
flock -n 9 || note overlap
note begin
${work}
note end
`;
}

/** One line of the witness. */
export interface Sighting {
  readonly what: "begin" | "end" | "overlap";
  readonly runId: string;
  /** The step's id; of a flow call `flow:COMPLETED/FAILED`, with the stages that it was told of. */
  readonly id: string;
  readonly attempt: number;
  readonly pid: number;
}

/** What the scripts of this folder of signals have noted, in their order. */
export function sightings(signals: string): Sighting[] {
  const file = join(signals, "witness");
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [what, runId, id, attempt, pid] = line.split(" ");
      return {
        what: what as Sighting["what"],
        runId: runId!,
        id: id!,
        attempt: Number(attempt),
        pid: Number(pid),
      };
    });
}

/** Every `begin` of a run as `ID ATTEMPT`, sorted. */
export function begun(all: readonly Sighting[], runId: string): string[] {
  return all
    .filter((each) => each.what === "begin" && each.runId === runId)
    .map(({ id, attempt }) => `${id} ${attempt}`)
    .sort();
}

/** Every pair of scripts of one step that lived at the same time. */
export function overlaps(all: readonly Sighting[]): Sighting[] {
  return all.filter((each) => each.what === "overlap");
}
