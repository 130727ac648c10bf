/** A worker in a process of its own, for a test to kill: over the site and with a run of the flow that the arguments name. Prints the run's id. */
import { Site } from "./site.js";

const site = await Site.open({ root: process.argv[2]! });
await site.worker.start();
console.log(await site.trigger(process.argv[3]!));
