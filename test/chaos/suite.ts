import { until, processesMarked } from "@maxq/test-kit";
import { cpSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { Evidence } from "./check/evidence.js";
import { judgeEnd, lostTooOften, type Violation } from "./check/judge.js";
import { judgeLines } from "./check/order.js";
import { waitsAfterKills } from "./check/recovery.js";
import { countLostAttempts, readRuns, type RunRow } from "./check/rows.js";
import { Driver } from "./faults/driver.js";
import { faultKinds, type FaultKind } from "./faults/plan.js";
import { Load } from "./load/load.js";
import { violationText, type Outcome } from "./report.js";
import { Site } from "./site/site.js";

export interface ChaosOptions {
  readonly seed: number;
  /** At least so many faults, and as many more as this time allows, in ms. */
  readonly faults: number;
  readonly forMs: number;
  /** Multiplies the pauses between faults. */
  readonly pace: number;
  /** Runs that are open at a time. */
  readonly width: number;
  /** Every run is over so many ms after the last fault, or hangs. */
  readonly settleMs: number;
  /** Told of progress. */
  readonly say?: (line: string) => void;
}

/** Puts a load on three workers, breaks what the seed says, and judges what came of it. What could not be done is a violation, too. */
export async function chaos(options: ChaosOptions): Promise<{ outcome: Outcome; folder: string | null }> {
  const began = performance.now();
  const site = await Site.open();
  const { seed, width, say = () => undefined } = options;
  const load = new Load({ api: site.server.api, flows: site.flows, seed, width });
  const driver = new Driver(site, seed);
  const loaded = load.go();
  const progress = setInterval(() => say(`${driver.done.length} faults, ${load.runs.length} runs`), 30_000);
  const wrong: Violation[] = [];
  const found = (rule: string, texts: readonly string[]): void =>
    void wrong.push(...texts.map((text) => ({ rule, runId: null, text })));
  try {
    await Promise.race([driver.go(options.faults, options.forMs, options.pace), loaded]);
    load.end();
    say(`${driver.done.length} faults done; ${load.runs.filter(({ over }) => !over).length} runs are open`);
    await settled(load, loaded, options.settleMs);
    found("left over", await scriptsAlive(site));
    const verified = await site.verify();
    if (!verified.clean) found("verify", verified.text.trim().split(/\n(?=✘)/));
  } catch (error) {
    found("not done", [String(error)]);
  } finally {
    clearInterval(progress);
    load.giveUp();
    await loaded.catch(() => undefined);
    found("left over", await site.stop());
  }
  found("connections", await connectionsLeft(site));
  found(
    "deadlock",
    site.database
      .log()
      .split("\n")
      .filter((line) => line.includes("deadlock detected")),
  );
  for (const { name, endedAlone } of site.workers)
    found(
      "ended alone",
      endedAlone.map((how) => `${name}: ${how}`),
    );
  const outcome = await judge(site, load, driver, wrong, {
    seed,
    seconds: (performance.now() - began) / 1000,
  });
  const folder = outcome.violations.length === 0 ? null : keep(site, outcome.violations);
  await site.database.stop();
  return { outcome, folder };
}

async function settled(load: Load, loaded: Promise<void>, withinMs: number): Promise<void> {
  const late = new AbortController();
  await Promise.race([loaded, delay(withinMs, undefined, { signal: late.signal }).catch(() => undefined)]);
  late.abort();
  load.giveUp();
}

/** Scripts, and what they started, that live although every run is over. */
async function scriptsAlive(site: Site): Promise<string[]> {
  const alive = (): string[] =>
    site.workers.flatMap(({ name, programs }) =>
      programs.flatMap(({ mark, pid }) =>
        processesMarked(mark)
          .filter((each) => each.pid !== pid)
          .map((each) => `${name}: ${each.pid} ${each.commandLine}`),
      ),
    );
  const gone = until("no script lives", () => alive().length === 0);
  return gone.then(
    () => [],
    () => alive(),
  );
}

/** Connections of programs that have ended, which the database may hear of a little later. */
async function connectionsLeft({ database }: Site): Promise<string[]> {
  const gone = async (): Promise<boolean> => (await database.connections()).length === 0;
  return until("no connection is left", gone).then(
    () => [],
    () => database.connections(),
  );
}

async function judge(
  site: Site,
  load: Load,
  driver: Driver,
  wrong: readonly Violation[],
  { seed, seconds }: { readonly seed: number; readonly seconds: number },
): Promise<Outcome> {
  const evidence = new Evidence(join(site.folder, "evidence"));
  const rows = await readRuns(site.database);
  const violations = load.runs.flatMap((run) => {
    const row = rows.get(run.id);
    return [...judgeEnd(run, row), ...(row === undefined ? [] : judgeLines(run, row, evidence, driver.done))];
  });
  const all = [...rows.values()];
  const steps = all.flatMap((run) => run.steps);
  const ended = (status: string): number => all.filter((run: RunRow) => run.status === status).length;
  const lines = (word: string): number => evidence.lines.filter((line) => line.word === word).length;
  return {
    seed,
    seconds,
    disk: site.disk.title,
    runs: { completed: ended("completed"), failed: ended("failed"), aborted: ended("aborted") },
    steps: steps.filter(({ kind }) => kind === "step").length,
    calls: steps.filter(({ kind }) => kind === "flow").length,
    starts: lines("begin"),
    faults: Object.fromEntries(faultKinds.map((kind) => [kind, driver.count(kind)])) as Record<
      FaultKind,
      number
    >,
    engineStarts: site.workers.reduce((sum, { programs }) => sum + programs.length - 1, 0),
    adopted: site.workers.reduce((sum, worker) => sum + worker.countAdopted(), 0),
    lostAttempts: await countLostAttempts(site.database),
    repeated: repeatedSteps(evidence),
    lostTooOften: steps.filter(lostTooOften).length,
    remainsMet: lines("remains"),
    waits: waitsAfterKills(evidence, driver.done),
    violations: [...wrong, ...violations],
  };
}

function repeatedSteps(evidence: Evidence): number {
  const ends = new Map<string, number>();
  for (const { word, runId, subject } of evidence.lines)
    if (word === "end" && !subject.startsWith("flow:")) {
      const key = `${runId} ${subject}`;
      ends.set(key, (ends.get(key) ?? 0) + 1);
    }
  return [...ends.values()].filter((times) => times > 1).length;
}

/** Copies what helps to find the cause to a folder that stays. */
function keep(site: Site, violations: readonly Violation[]): string {
  const folder = mkdtempSync(join(tmpdir(), "maxq-chaos-kept-"));
  for (const name of ["evidence", "flows"])
    cpSync(join(site.folder, name), join(folder, name), { recursive: true });
  writeFileSync(join(folder, "violations"), violations.map(violationText).join("\n"));
  writeFileSync(join(folder, "postgres.log"), site.database.log());
  writeFileSync(join(folder, "server.log"), site.server.output);
  for (const { name, programs } of site.workers)
    programs.forEach((program, n) => writeFileSync(join(folder, `${name}.${n}.log`), program.output()));
  return folder;
}
