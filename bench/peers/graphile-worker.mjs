// Its own advice for throughput: a local queue and completions in batches.
import { Logger, makeWorkerUtils, run } from "graphile-worker";
import { runScript, serve, url } from "./spawn.mjs";

const logger = new Logger(() => () => {});
const preset = {
  worker: {
    connectionString: url,
    concurrentJobs: 10,
    maxPoolSize: 11,
    localQueue: { size: 500 },
    completeJobBatchDelay: 0,
    failJobBatchDelay: 0,
  },
};
const utils = await makeWorkerUtils({ preset, logger });
await utils.migrate();
await run({ preset, logger, taskList: { script: runScript } });

serve(async (count) => {
  await utils.addJobs(Array.from({ length: count }, () => ({ identifier: "script", payload: {} })));
  const left = "select 1 from graphile_worker._private_jobs limit 1";
  while ((await utils.withPgClient((client) => client.query(left))).rowCount > 0)
    await new Promise((resolve) => setTimeout(resolve, 20));
});
