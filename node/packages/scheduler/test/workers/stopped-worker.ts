/**
 * A worker in a process of its own that stops itself, as SIGSTOP from outside would, right after a renewal of its lease once its script is up; then the database
 * is not in the middle of anything. Arguments: root of a site, flow to run, lease in ms. Prints the run's id, and what it says when it goes on.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { silentLogger } from "../fakes/silent-logger.js";
import { Site } from "./site.js";

const [root = "", flowName = "", leaseMs = ""] = process.argv.slice(2);
const say = (_details: object, message?: string): void => console.log(message);
let stopped = false;
const site = await Site.open({
  root,
  fenced: true,
  settings: { leaseMs: Number(leaseMs), pollMs: 600_000 },
  logger: { ...silentLogger, info: say, error: say },
  hooks: {
    onLeaseRenewed: () => {
      if (stopped || !existsSync(join(root, "up.1"))) return;
      stopped = true;
      process.kill(process.pid, "SIGSTOP");
    },
  },
});
await site.worker.start();
console.log(await site.trigger(flowName));
