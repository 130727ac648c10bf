import type { Violation } from "@maxq/db";
import { expect } from "chai";
import { empty } from "./kit/empty.js";
import type { Subject } from "./kit/subject.js";
import { World } from "./kit/world.js";
import { askingOverHttp } from "./suite/asking-over-http.js";
import { artifacts } from "./suite/artifacts.js";
import { callsInTurn } from "./suite/calls-in-turn.js";
import { census } from "./suite/census.js";
import { claiming } from "./suite/claiming.js";
import { concurrency } from "./suite/concurrency.js";
import { control } from "./suite/control.js";
import { deletion } from "./suite/deletion.js";
import { dependencies } from "./suite/dependencies.js";
import { events } from "./suite/events.js";
import { endsOfRuns } from "./suite/ends-of-runs.js";
import { failures } from "./suite/failures.js";
import { fields } from "./suite/fields.js";
import { lists } from "./suite/lists.js";
import { listsTogether } from "./suite/lists-together.js";
import { histories } from "./suite/histories.js";
import { history } from "./suite/history.js";
import { kindsOfSteps } from "./suite/kinds-of-steps.js";
import { logs } from "./suite/logs.js";
import { looking } from "./suite/looking.js";
import { oneByOne } from "./suite/one-by-one.js";
import { outcomes } from "./suite/outcomes.js";
import { outputsOfCallbacks } from "./suite/outputs-of-callbacks.js";
import { retention } from "./suite/retention.js";
import { retries } from "./suite/retries.js";
import { retrying } from "./suite/retrying.js";
import { callsOfEndingRuns } from "./suite/calls-of-ending-runs.js";
import { callsToldAgain } from "./suite/calls-told-again.js";
import { retryingBesideFailures } from "./suite/retrying-beside-failures.js";
import { retryingFinalStages } from "./suite/retrying-final-stages.js";
import { scheduling } from "./suite/scheduling.js";
import { whatCallsAskFor } from "./suite/what-calls-ask-for.js";
import { settings } from "./suite/settings.js";
import { timers } from "./suite/timers.js";
import { together } from "./suite/together.js";
import { triggering } from "./suite/triggering.js";
import { verify } from "./suite/verify.js";
import { workers } from "./suite/workers.js";

const suites = [
  triggering,
  scheduling,
  whatCallsAskFor,
  kindsOfSteps,
  callsInTurn,
  claiming,
  dependencies,
  outcomes,
  oneByOne,
  looking,
  askingOverHttp,
  together,
  retries,
  failures,
  endsOfRuns,
  control,
  retrying,
  callsOfEndingRuns,
  callsToldAgain,
  history,
  outputsOfCallbacks,
  retryingBesideFailures,
  retryingFinalStages,
  timers,
  workers,
  lists,
  listsTogether,
  fields,
  artifacts,
  logs,
  events,
  deletion,
  retention,
  settings,
  census,
  concurrency,
  histories,
  verify,
] as const;

/** Declares what every Store must do, as mocha tests. `open` gives an empty database; tests share it, and each leaves it empty. */
export function conformance(open: () => Promise<Subject>): void {
  let subject: Subject | null = null;
  let world: World | null = null;
  const found: ({ readonly after: string } & Violation)[] = [];

  beforeEach(async () => {
    subject ??= await open();
    world = await World.on(subject);
  });

  afterEach(async function () {
    this.timeout(120_000);
    if (subject !== null && world?.isSpoilt === false && this.currentTest?.isPassed() === true)
      found.push(
        ...(await subject.store.verify()).map((row) => ({ after: this.currentTest!.title, ...row })),
      );
    if (subject !== null && (world?.isSpoilt === true || !(await isEmptied(subject)))) {
      await subject.close();
      subject = null;
    }
    world = null;
  });

  after(() => subject?.close());

  for (const suite of suites) suite(() => world!);

  // In a suite of its own, or mocha would run it first.
  describe("after all this", () => {
    it("verify has found nothing in what any test left", () => {
      expect(found).to.deep.equal([]);
    });
  });
}

/** If a test left what its Store cannot delete, the test has said so; the next gets a new database. */
async function isEmptied(subject: Subject): Promise<boolean> {
  try {
    await empty(subject.store);
    return true;
  } catch {
    return false;
  }
}
