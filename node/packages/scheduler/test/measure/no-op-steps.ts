/**
 * CPU of the engine's thread for each no-op step, and steps a second, on SQLite and the launcher that is found:
 * `node --import=tsx --conditions=source test/measure/no-op-steps.ts [steps] [slots]`; with `--cpu-prof` for where it goes.
 */
import { readFileSync } from "node:fs";
import { Site } from "../workers/site.js";

const steps = Number(process.argv[2] ?? 1000);
const slots = Number(process.argv[3] ?? 10);
const site = await Site.open({ settings: { slots: { steps: slots, calls: 10, batch: 10 } } });
site.oneStage("fan", { steps: [{ name: "noop", instances: steps }] }, { noop: "" });
site.oneStage("warm", { steps: [{ name: "noop", instances: 200 }] }, { noop: "" });
await site.worker.start();
await site.run("warm");
const cpuBefore = engineThreadMs();
const allBefore = process.cpuUsage();
const startedAt = performance.now();
const runId = await site.trigger("fan");
await site.over(runId);
const wall = performance.now() - startedAt;
const all = process.cpuUsage(allBefore);
const cpu = engineThreadMs() - cpuBefore;
console.log(
  `${steps} steps, ${slots} at a time: ${Math.round(wall)} ms, ${Math.round((steps * 1000) / wall)} steps/s; ` +
    `engine thread ${(cpu / steps).toFixed(3)} ms a step, whole process ${((all.user + all.system) / 1000 / steps).toFixed(3)} ms a step`,
);
await site.close();

/** CPU time of this thread so far, in ms; the kernel counts it in ticks of 10 ms. */
function engineThreadMs(): number {
  const stat = readFileSync(`/proc/self/task/${process.pid}/stat`, "latin1");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) * 10;
}
