// What both queues' jobs do: the script, as Node starts it, with nothing captured.
import { spawn } from "node:child_process";
import { dirname } from "node:path";
import { createInterface } from "node:readline";

const [url, script] = process.argv.slice(2);
const env = JSON.parse(process.env.BENCH_SCRIPT_ENVIRONMENT);

export { url };

/** Rejects unless it exits with 0. */
export function runScript() {
  return new Promise((resolve, reject) => {
    const child = spawn(script, [], { env, cwd: dirname(script), stdio: "ignore" });
    child.once("error", reject);
    child.once("exit", (code) => (code === 0 ? resolve() : reject(new Error(`exit ${code}`))));
  });
}

/** Prints `ready`, and for each number that it is sent how many ms that many jobs took; `work` resolves when all are recorded. */
export function serve(work) {
  console.log("ready");
  createInterface({ input: process.stdin }).on("line", async (line) => {
    const begin = performance.now();
    await work(Number(line));
    console.log(`took ${performance.now() - begin}`);
  });
}
