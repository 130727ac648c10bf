import type { Engine } from "./engine.js";
import { spread, show } from "./statistics.js";

/** The answer times of aborts, and what a run with 2,000 waiting steps does to others; ms. */
export interface ControlFigures {
  readonly obedient: number[];
  readonly stubborn: number[];
  /** How long a one-step run takes alone, and while 2,000 dependents of another run are set free and worked off. */
  readonly alone: number[];
  readonly beside: number[];
  /** The same while 1,000 steps of another run, which wait for nothing, are worked off: what a busy machine alone costs. */
  readonly besideFanOut: number[];
}

/** Grace period of the engines measured, in ms. */
export const graceMs = 1000;

export async function measureControl(engine: Engine, figures: ControlFigures): Promise<void> {
  figures.obedient.push(await engine.abortTime("obedient", 10));
  figures.stubborn.push(await engine.abortTime("stubborn", 1));
  for (let run = 0; run < 5; run++) figures.alone.push(await engine.runTime("single"));
  await runBeside(engine, "fan-out", figures.besideFanOut);
  await runBeside(engine, "hub", figures.beside);
}

async function runBeside(engine: Engine, flowName: string, times: number[]): Promise<void> {
  const runId = await engine.trigger(flowName);
  while (!(await engine.isOver(runId))) times.push(await engine.runTime("single"));
}

export function controlTable(figures: Map<string, ControlFigures>): string {
  const rows = [...figures].map(([database, { obedient, stubborn, alone, besideFanOut, beside }]) =>
    [database, obedient, stubborn, alone, besideFanOut, beside]
      .map((cell) => (typeof cell === "string" ? cell : show(spread(cell), 0)))
      .join(" | "),
  );
  return [
    `| database | abort, 10 steps that obey SIGTERM | abort, a tree that ignores it (grace ${graceMs}) | one-step run, alone | one-step run beside a fan-out of 1,000 ready steps | one-step run while 2,000 dependents of another run are set free and run |`,
    "|---|---|---|---|---|---|",
    ...rows.map((row) => `| ${row} |`),
  ].join("\n");
}
