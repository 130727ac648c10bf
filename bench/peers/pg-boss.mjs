// Ten workers of one job, each told to look again at once, for it would wait for its poll otherwise.
import PgBoss from "pg-boss";
import { runScript, serve, url } from "./spawn.mjs";

const boss = new PgBoss({ connectionString: url, max: 11 });
boss.on("error", (error) => console.error(error));
await boss.start();
await boss.createQueue("script");
let finished = 0;
for (let n = 0; n < 10; n++) {
  const id = await boss.work("script", { batchSize: 1, pollingIntervalSeconds: 0.5 }, async () => {
    await runScript();
    finished++;
    boss.notifyWorker(id);
  });
}

serve(async (count) => {
  finished = 0;
  await boss.insert(Array.from({ length: count }, () => ({ name: "script", data: {} })));
  while (finished < count || (await boss.getQueueSize("script", { before: "completed" })) > 0)
    await new Promise((resolve) => setTimeout(resolve, 20));
});
