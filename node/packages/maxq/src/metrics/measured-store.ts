import { DatabaseUnavailable, type Store } from "@maxq/db";
import type { Meters } from "./meters.js";

/** Under which kind the time of a verb is measured: what is not here is `other`. */
const kinds: Readonly<Partial<Record<keyof Store, string>>> = {
  exchange: "exchange",
  renewLease: "renew",
  runTimers: "timers",
  ...of("worker", [
    "registerWorker",
    "succeedWorker",
    "drainWorker",
    "retireWorker",
    "listLeases",
    "listAwaited",
  ]),
  ...of("worker", ["rescueWorker", "ownedTasks"]),
  ...of("create_run", ["createRun", "retryAsNewRun"]),
  ...of("schedule", ["scheduleStage", "noteRefusal", "finishScheduling"]),
  ...of("control", ["pauseRun", "resumeRun", "abortRun", "retryRun", "retryStep", "deleteRun"]),
  ...of("data", ["mergeFields", "putArtifact", "deleteArtifact", "appendLog", "patchRun"]),
  ...of("read", ["getRun", "listRuns", "runInput", "listStages", "listSteps", "listFlowCalls", "getStep"]),
  ...of("read", ["stepOutput", "listFields", "getArtifact", "listArtifacts", "listLogs", "readEvents"]),
  ...of("read", ["attemptState", "listWorkers", "hasStage", "runOfKey"]),
  census: "census",
};

/** Verbs that ask nothing of the database, or answer at once. */
const unmeasured = new Set<PropertyKey>(["onWakeUp", "wakeUpsHealthy", "close"]);

type Verb = (...args: unknown[]) => unknown;

/** The Store, whose verbs are timed: once a request, which carries all that a worker has to tell. */
export function measuredStore(store: Store, meters: Meters): Store {
  // There before the first error: a series that begins with one has no increase.
  for (const kind of new Set([...Object.values(kinds), "other"]))
    for (const reason of ["unavailable", "fault"])
      meters.counters.maxq_database_errors_total.inc({ kind, reason }, 0);
  const verbs = new Map<PropertyKey, unknown>();
  return new Proxy(store, {
    get(target, name) {
      let verb = verbs.get(name);
      if (verb === undefined) {
        const value: unknown = Reflect.get(target, name);
        verb = typeof value === "function" ? measured(name, (value as Verb).bind(target), meters) : value;
        verbs.set(name, verb);
      }
      return verb;
    },
  });
}

function measured(name: PropertyKey, verb: Verb, { histograms, counters }: Meters): Verb {
  if (unmeasured.has(name)) return verb;
  const kind = kinds[name as keyof Store] ?? "other";
  const duration = histograms.maxq_database_duration_seconds.labels(kind);
  return async (...args) => {
    const startedAt = performance.now();
    try {
      return await verb(...args);
    } catch (error) {
      const reason = error instanceof DatabaseUnavailable ? "unavailable" : "fault";
      counters.maxq_database_errors_total.inc({ kind, reason });
      throw error;
    } finally {
      duration.observe((performance.now() - startedAt) / 1000);
    }
  };
}

function of(kind: string, names: readonly (keyof Store)[]): Partial<Record<keyof Store, string>> {
  return Object.fromEntries(names.map((name) => [name, kind]));
}
