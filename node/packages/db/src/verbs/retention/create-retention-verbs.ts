import type { Driver } from "../../driver.js";
import type { RetentionStore } from "../../store/retention.js";
import { removeMarked } from "./marked.js";
import { prune } from "./prune.js";

/** Removal of finished runs; see `RetentionStore`. */
export function createRetentionVerbs(driver: Driver): RetentionStore {
  return {
    prune: (request) => prune(driver, request),
    removeMarked: (rows) => removeMarked(driver, rows),
    takePruneTurn: async (holder, ms) => (await driver.run("retention.take_turn", { holder, ms })) > 0,
  };
}
