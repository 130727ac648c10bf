import { problem, type Problem } from "../problem.js";
import type { Roster } from "./ids.js";
import type { Links } from "./links.js";

/** Of longer circles the middle is left out: `error` is stored and shown whole. */
const mostNamed = 200;

/**
 * The first circle found, as labels of entries (`["a", "b", "a"]`), each waiting for the next; null if there is none.
 * Instances of an entry wait for the same things, so entries and gates are all that need be looked at. Does not recurse.
 */
export function findCycle(roster: Roster, links: Links): readonly string[] | null {
  const entries = roster.entries.length;
  // 0: not seen, 1: on the path, 2: done.
  const seen = new Uint8Array(entries + links.gates.members.length);
  for (let start = 0; start < entries; start++) {
    if (seen[start] !== 0) continue;
    const path = [start];
    const rest = [next(start, roster, links)];
    seen[start] = 1;
    while (path.length > 0) {
      const step = rest.at(-1)!.next();
      if (step.done === true) {
        seen[path.pop()!] = 2;
        rest.pop();
      } else if (seen[step.value] === 1) {
        // A circle may begin and end in a gate: it is told from its first entry to the same.
        const circle = path.slice(path.indexOf(step.value)).filter((node) => node < entries);
        return [...circle, circle[0]!].map((node) => roster.entries[node]!.label);
      } else if (seen[step.value] === 0) {
        seen[step.value] = 1;
        path.push(step.value);
        rest.push(next(step.value, roster, links));
      }
    }
  }
  return null;
}

/** The refusal that names the circle. */
export function cycleProblem(cycle: readonly string[]): Problem {
  const named =
    cycle.length <= mostNamed
      ? cycle
      : [...cycle.slice(0, mostNamed - 1), `(${cycle.length - mostNamed} more)`, ...cycle.slice(-1)];
  const message =
    cycle.length === 2
      ? `A step waits for itself: ${named.join(" → ")}. Remove that dependency.`
      : `The steps wait for each other in a circle: ${named.join(" → ")}. Remove one of these dependencies.`;
  return problem("DEPENDENCY_CYCLE", message, { cycle: named });
}

/** The nodes that a node waits for: entries, and gates, which are numbered after them. */
function* next(node: number, roster: Roster, links: Links): Generator<number, void, undefined> {
  const entries = roster.entries.length;
  if (node >= entries) {
    yield* links.gates.members[node - entries]!;
    return;
  }
  const waits = links.waits[node]!;
  for (const step of waits.steps) yield roster.entryOfStep[step]!;
  for (const gate of waits.gates) yield entries + gate;
}
