import type { LeaseView } from "@maxq/db";
import { killRemains } from "@maxq/executor";
import type { Logger } from "pino";

/** Kills what a dead worker of this host left behind; says so where that cannot be done. */
export async function clearRemains({ mark, pid }: LeaseView, logger: Logger): Promise<void> {
  if (await killRemains(mark)) return;
  logger.warn(
    { pid },
    "Some processes that a dead worker of this host left could not be ended: look for MAXQ_MARK in the environment of processes, as root.",
  );
}
