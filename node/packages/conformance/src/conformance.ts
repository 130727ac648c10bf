import type { Subject } from "./kit/subject.js";
import { World } from "./kit/world.js";
import { artifacts } from "./suite/artifacts.js";
import { claiming } from "./suite/claiming.js";
import { concurrency } from "./suite/concurrency.js";
import { control } from "./suite/control.js";
import { deletion } from "./suite/deletion.js";
import { dependencies } from "./suite/dependencies.js";
import { events } from "./suite/events.js";
import { failures } from "./suite/failures.js";
import { fields } from "./suite/fields.js";
import { lists } from "./suite/lists.js";
import { logs } from "./suite/logs.js";
import { outcomes } from "./suite/outcomes.js";
import { retries } from "./suite/retries.js";
import { retrying } from "./suite/retrying.js";
import { scheduling } from "./suite/scheduling.js";
import { settings } from "./suite/settings.js";
import { timers } from "./suite/timers.js";
import { triggering } from "./suite/triggering.js";
import { workers } from "./suite/workers.js";

const suites = [
  triggering,
  scheduling,
  claiming,
  dependencies,
  outcomes,
  retries,
  failures,
  control,
  retrying,
  timers,
  workers,
  lists,
  fields,
  artifacts,
  logs,
  events,
  deletion,
  settings,
  concurrency,
] as const;

/** Declares what every Store must do, as mocha tests. `open` gives each test an empty database; the test closes it. */
export function conformance(open: () => Promise<Subject>): void {
  let world: World | null = null;

  beforeEach(async () => {
    world = await World.on(await open());
  });

  afterEach(async () => {
    await world?.subject.close();
    world = null;
  });

  for (const suite of suites) suite(() => world!);
}
