/** How scripts and tests tell each other things: by files of the run, below `$TEST_SIGNALS`. */
import { until } from "@maxq/test-kit";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { System } from "../system/system.js";

/** A script that waits until the test says this word. */
export function waits(word: string): string {
  return `until [ -e "$TEST_SIGNALS/$MAXQ_RUN_ID.${word}" ]; do sleep 0.02; done`;
}

/** A script that tells the test a word, and a text (in double quotes) that the whole file holds as soon as it is there. */
export function says(word: string, text = ""): string {
  return `echo "${text}" > "$TEST_SIGNALS/new.$$" && mv "$TEST_SIGNALS/new.$$" "$TEST_SIGNALS/$MAXQ_RUN_ID.${word}"`;
}

/** A script that adds its step (or `flow`) and attempt to the run's list of starts. */
export const notes = `echo "\${MAXQ_STEP_ID:-flow} $MAXQ_ATTEMPT" >> "$TEST_SIGNALS/$MAXQ_RUN_ID.starts"`;

/** A script that fails until the test says this word. */
export function failsUntil(word: string): string {
  return `[ -e "$TEST_SIGNALS/$MAXQ_RUN_ID.${word}" ]`;
}

function fileOf(system: System, runId: string, word: string): string {
  return join(system.server.signals, `${runId}.${word}`);
}

/** Says a word to the scripts of a run. */
export function say(system: System, runId: string, word: string): void {
  writeFileSync(fileOf(system, runId, word), "");
}

/** What a script of the run said under that word, once it did. */
export function heard(system: System, runId: string, word: string): Promise<string> {
  const file = fileOf(system, runId, word);
  return until(`a script of run ${runId} says ${word}`, () => textOf(file)?.trim());
}

/** What started so far, as `ID ATTEMPT`, in the order of the starts. */
export function starts(system: System, runId: string): string[] {
  return (
    textOf(fileOf(system, runId, "starts"))
      ?.split("\n")
      .filter((line) => line !== "") ?? []
  );
}

function textOf(file: string): string | null {
  return existsSync(file) ? readFileSync(file, "utf8") : null;
}
