import type { Driver } from "./driver.js";
import type { Store } from "./store/store.js";
import { createDataVerbs } from "./verbs/data/create-data-verbs.js";
import { createReadVerbs } from "./verbs/read/create-read-verbs.js";
import { createControlVerbs } from "./verbs/run/control.js";
import { createCreateVerbs } from "./verbs/run/create.js";
import { createRetryVerbs } from "./verbs/run/retry.js";
import { createSettingVerbs } from "./verbs/settings.js";
import { createStageVerbs } from "./verbs/stage/schedule.js";
import { createVerifyVerb } from "./verbs/verify/verify.js";
import { createWorkVerbs, type FastExchange } from "./verbs/work/exchange.js";
import { createWorkerVerbs } from "./verbs/worker/workers.js";

/** The Store on a driver: every verb, written once. With `fast` null, outcomes and claims go the general way. */
export function createStore(driver: Driver, fast: FastExchange | null = null): Store {
  return {
    ...createCreateVerbs(driver),
    ...createReadVerbs(driver),
    ...createDataVerbs(driver),
    ...createControlVerbs(driver),
    ...createRetryVerbs(driver),
    ...createStageVerbs(driver),
    ...createWorkVerbs(driver, fast),
    ...createWorkerVerbs(driver),
    ...createSettingVerbs(driver),
    ...createVerifyVerb(driver),
    health: () => driver.health(),
    onWakeUp: (listener) => driver.onWakeUp(listener),
    wakeUpsHealthy: () => driver.wakeUpsHealthy(),
    close: () => driver.close(),
  };
}
