import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { Worker } from "node:worker_threads";

/**
 * Starts a module of ours as a thread, given the address of its compiled form. From sources (tests, tsx) that is the `.ts` file,
 * and the thread first registers tsx, because Node 20 does not hand a loader on to threads.
 */
export function startThread(module: URL, workerData: unknown): Worker {
  if (!import.meta.url.endsWith(".ts")) return new Worker(module, { workerData });
  const source = module.href.replace(/\.js$/, ".ts");
  // Not import.meta.resolve: mocha loads test files as CommonJS, where tsx leaves that out; and require resolves to a build that does not register here.
  const home = pathToFileURL(createRequire(import.meta.url).resolve("tsx/package.json"));
  const tsx = new URL("dist/esm/api/index.mjs", home).href;
  const boot = `import { register } from ${JSON.stringify(tsx)};
    register();
    await import(${JSON.stringify(source)});`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(boot)}`), { workerData });
}
