import type { Roster } from "./ids.js";
import type { Meaning } from "./meaning.js";

/** The barriers of a stage. Indexes of entries and gates. */
export interface Gates {
  /** The entries whose steps each gate waits for. */
  readonly members: readonly (readonly number[])[];
  /** The gate that each entry's steps count towards, if any. */
  readonly ofEntry: readonly (number | null)[];
}

/**
 * Opens a gate wherever several steps are waited for at once. A step counts towards one gate only: where an entry is waited for by its id,
 * and by its name together with others, it keeps a gate of its own, and the rest of the name shares another.
 */
export function makeGates(roster: Roster, meanings: Iterable<Meaning>): Gates {
  const members: number[][] = [];
  const ofEntry = roster.entries.map((): number | null => null);
  const names: (readonly number[])[] = [];
  const open = (entries: number[]): void => {
    for (const entry of entries) ofEntry[entry] = members.length;
    members.push(entries);
  };
  for (const meaning of meanings) {
    if (meaning.reason !== "entries") continue;
    const [first] = meaning.entries;
    if (meaning.entries.length > 1) names.push(meaning.entries);
    else if (first !== undefined && ofEntry[first] === null) open([first]);
  }
  for (const entries of names) {
    const rest = entries.filter((entry) => ofEntry[entry] === null);
    if (rest.length > 1 || rest.some((entry) => roster.entries[entry]!.count > 1)) open(rest);
  }
  return { members, ofEntry };
}
