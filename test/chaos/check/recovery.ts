import type { DoneFault } from "../faults/driver.js";
import type { Evidence, Line } from "./evidence.js";

/** For each script that a killed worker took with it and that ran again: ms from the kill to its next beginning, ascending. */
export function waitsAfterKills(evidence: Evidence, faults: readonly DoneFault[]): number[] {
  const kills = faults.filter(({ plan }) => plan.kind === "kill engine" || plan.kind === "kill both");
  const begins = new Map<string, Line[]>();
  const ended = new Set<string>();
  for (const line of evidence.lines) {
    const script = `${line.runId} ${line.subject}`;
    if (line.word === "end" || line.word === "failed") ended.add(`${script} ${line.attempt}`);
    if (line.word !== "begin") continue;
    const those = begins.get(script);
    if (those === undefined) begins.set(script, [line]);
    else those.push(line);
  }
  const waits = [...begins].flatMap(([script, lines]) =>
    lines.flatMap((line, n) => {
      const next = lines[n + 1];
      if (next === undefined || ended.has(`${script} ${line.attempt}`)) return [];
      const killed = kills.find(
        ({ plan, at }) => line.worker === `w${plan.worker + 1}` && line.at <= at && at <= next.at,
      );
      return killed === undefined ? [] : [next.at - killed.at];
    }),
  );
  return waits.sort((a, b) => a - b);
}
