import { until } from "@maxq/test-kit";
import { existsSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { posts, prints, stage, told } from "../control/flow.js";
import type { FaultSite } from "./site.js";
import { sightings, witnessed, type Sighting } from "./witness.js";

/** Its last sign of life is the time of a file. */
const waitsFor = (word: string): string =>
  `until [ -e "$TEST_SIGNALS/${word}" ]; do : >"$TEST_SIGNALS/alive.$$"; sleep 0.05; done`;

/** What runs while the database goes and comes: short steps, steps that live through it, one that asks for something meanwhile, a flow call that does. */
export class OutageLoad {
  readonly #runs: string[] = [];

  /** `patient`: scripts repeat requests that failed, as is advised; else they rely on MaxQ waiting for its database. */
  constructor(
    private readonly site: FaultSite,
    patient: boolean,
  ) {
    const curl = (script: string): string => (patient ? script.replace("-fsS", "-fsS --retry 9") : script);
    const steps = [
      { name: "spans", instances: 4 },
      { name: "ends", instances: 2 },
      { id: "asks" },
      { name: "short", instances: 40 },
      { id: "last", dependsOn: ["short", "spans", "ends", "asks"] },
    ];
    const field = `curl -fsS "$MAXQ_API/runs/$MAXQ_RUN_ID/steps/$MAXQ_STEP_ID/fields" -d '{"fields":{"asked":true}}' || exit 1`;
    site.flows.add("steps", witnessed(told({ "/": prints(stage("s", steps, { final: true })) })), {
      spans: witnessed(waitsFor("back")),
      ends: witnessed(waitsFor("away")),
      asks: witnessed(`${waitsFor("away")}\n${curl(field)}`),
      short: witnessed("sleep 0.2"),
      last: witnessed(":"),
    });
    const call = `${waitsFor("away")}\n${curl(posts(stage("s", [{ id: "last" }], { final: true })))}`;
    site.flows.add("call", witnessed(`set -e\n${told({ "/": call })}`), { last: witnessed(":") });
    site.flows.add("after", prints(stage("s", [{ id: "last" }], { final: true })), { last: ":" });
  }

  get seen(): Sighting[] {
    return sightings(this.site.signals);
  }

  /** Scripts that have begun and have not ended. */
  get unended(): Sighting[] {
    const ended = new Set(this.seen.filter(({ what }) => what === "end").map(({ pid }) => pid));
    return this.seen.filter(({ what, pid }) => what === "begin" && !ended.has(pid));
  }

  /** When the last of those that wait gave a sign of life, in ms since the epoch. */
  lastSign(scripts: readonly Sighting[]): number {
    const times = scripts.map(
      ({ pid }) => statSync(this.#file(`alive.${pid}`), { throwIfNoEntry: false })?.mtimeMs,
    );
    return Math.max(...times.map((time) => time ?? 0));
  }

  /** Starts all of it and waits until it is well under way. */
  async begin(): Promise<void> {
    for (const flow of ["steps", "call"]) this.#runs.push(await this.site.api.trigger(flow));
    const began = (what: string): boolean => this.seen.some(({ id }) => id.startsWith(what));
    await until(
      "all kinds of steps have begun",
      () => ["s.spans.3", "s.ends.1", "asks"].every(began),
      30_000,
    );
    await until("some have ended", () => this.seen.filter(({ what }) => what === "end").length > 8);
  }

  /** Tells the scripts that the database is away, or that it is back. */
  say(word: "away" | "back"): void {
    if (!existsSync(this.#file(word))) writeFileSync(this.#file(word), "");
  }

  /** Waits until every step that ended by itself is recorded as completed. */
  async recorded(withinMs: number): Promise<void> {
    const ended = this.seen.filter(({ what, id }) => what === "end" && !id.startsWith("flow:"));
    await until(
      `${ended.length} steps that have ended are recorded`,
      async () => {
        const rows = await this.site.database.query<{ name: string }>(
          "select run_id || ' ' || id as name from step where status = 'completed'",
        );
        const names = new Set(rows.map(({ name }) => name));
        return ended.every(({ runId, id }) => names.has(`${runId} ${id}`));
      },
      withinMs,
    );
  }

  /** Every run once it is over. */
  ended(): Promise<{ readonly status: string; readonly error: unknown }[]> {
    return Promise.all(this.#runs.map((runId) => this.site.api.ended(runId, 60_000)));
  }

  #file(word: string): string {
    return join(this.site.signals, word);
  }
}
