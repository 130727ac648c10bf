import type { Driver } from "./driver.js";
import type { Fast } from "./fast.js";
import type { Store } from "./store/store.js";
import { createDataVerbs } from "./verbs/data/create-data-verbs.js";
import { createReadVerbs } from "./verbs/read/create-read-verbs.js";
import { createRetentionVerbs } from "./verbs/retention/create-retention-verbs.js";
import { createControlVerbs } from "./verbs/run/control.js";
import { createCreateVerbs } from "./verbs/run/create.js";
import { RecentInputs } from "./verbs/run/recent-inputs.js";
import { createRetryVerbs } from "./verbs/run/retry.js";
import { createSettingVerbs } from "./verbs/settings.js";
import { createStageVerbs } from "./verbs/stage/schedule.js";
import { createVerifyVerb } from "./verbs/verify/verify.js";
import { createWorkVerbs } from "./verbs/work/exchange.js";
import { createWorkerVerbs } from "./verbs/worker/workers.js";

/** The Store on a driver: every verb, written once. What `fast` does not do goes the general way. */
export function createStore(driver: Driver, fast: Partial<Fast> = {}): Store {
  const inputs = new RecentInputs();
  return {
    ...createCreateVerbs(driver, fast.createRun ?? null, inputs),
    ...createReadVerbs(driver, inputs),
    ...createDataVerbs(driver),
    ...createControlVerbs(driver),
    ...createRetryVerbs(driver),
    ...createStageVerbs(driver, fast.scheduleStage ?? null),
    ...createWorkVerbs(driver, fast.exchange ?? null),
    ...createWorkerVerbs(driver),
    ...createSettingVerbs(driver),
    ...createRetentionVerbs(driver),
    ...createVerifyVerb(driver),
    health: () => driver.health(),
    onWakeUp: (listener) => driver.onWakeUp(listener),
    wakeUpsHealthy: () => driver.wakeUpsHealthy(),
    close: () => driver.close(),
  };
}
