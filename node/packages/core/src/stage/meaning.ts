import type { Roster } from "./ids.js";

/** What a word in `dependsOn` means: one step, all steps of some entries, or nothing in this stage. */
export type Meaning =
  | { readonly reason: "step"; readonly step: number }
  | { readonly reason: "entries"; readonly entries: readonly number[] }
  | { readonly reason: "external" };

/** Resolves a word: the id of an entry, then of a step, then a name. A word that is several of these means the first. */
export function meaningOf(word: string, roster: Roster): Meaning {
  const entry = roster.entryById.get(word);
  if (entry !== undefined) return whole([entry], roster);
  const step = roster.stepById.get(word);
  if (step !== undefined) return { reason: "step", step };
  const named = roster.entriesByName.get(word);
  return named === undefined ? { reason: "external" } : whole(named, roster);
}

function whole(entries: readonly number[], roster: Roster): Meaning {
  const only = entries.length === 1 ? roster.entries[entries[0]!]! : null;
  return only?.count === 1 ? { reason: "step", step: only.first } : { reason: "entries", entries };
}
