import { Worker } from "node:worker_threads";

/**
 * Starts a module of ours as a thread, given the address of its compiled form. From sources (tests, tsx) that is the `.ts` file,
 * and the thread first registers tsx, because Node 20 does not hand a loader on to threads.
 */
export function startThread(module: URL, workerData: unknown): Worker {
  if (!import.meta.url.endsWith(".ts")) return new Worker(module, { workerData });
  const source = module.href.replace(/\.js$/, ".ts");
  const boot = `import { register } from ${JSON.stringify(import.meta.resolve("tsx/esm/api"))};
    register();
    await import(${JSON.stringify(source)});`;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(boot)}`), { workerData });
}
