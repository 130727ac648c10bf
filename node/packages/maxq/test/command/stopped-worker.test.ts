import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aFlow, aFolder, createDatabase, nothingIsLeftOf, until, type Program } from "@maxq/test-kit";
import { expect } from "chai";
import { aRun, ask, maxq } from "./start.js";

const flow = `[ -n "$MAXQ_COMPLETED_STAGE$MAXQ_FAILED_STAGE" ] || echo '{"stage":"s","final":true,"steps":[{"name":"work"}]}'`;

/** Notes which processes of the first attempt live when a later one begins. */
const work = (folder: string) => `cd ${folder}
if [ "$MAXQ_ATTEMPT" -gt 1 ]; then
  for pid in $(cat up.1); do grep -Eqs '^State:[[:space:]]+[^ZX[:space:]]' "/proc/$pid/status" && echo "met $pid" >>met; done
fi
setsid sleep 1000 &
echo "$$ $!" >new && mv new "up.$MAXQ_ATTEMPT"
until [ -e go ]; do sleep 0.05; done`;

describe("a worker that is stopped past its lease, on PostgreSQL", () => {
  it("has nothing running when another takes over, and spoils nothing when it goes on", async () => {
    const database = await createDatabase();
    const folder = aFolder("witness");
    const { root } = aFlow("stopped", { flow, steps: { work: work(folder) } });
    const env = { MAXQ_DATABASE_URL: database.url, MAXQ_LEASE_MS: "3000" };
    const start = async (ready: RegExp, ...args: string[]): Promise<[Program, string]> => {
      const program = maxq([...args, "--data-dir", aFolder("data"), "--flows", root], { env });
      return [program, (await program.waitForOutput(ready))[1] ?? ""];
    };
    const [server, url] = await start(/serves (http:\/\/[^,]+)/, "serve", "--no-worker", "--port", "0");
    const [first] = await start(/works with/, "worker");
    const id = await aRun(url, "stopped");
    await until("the first attempt is up", () => existsSync(join(folder, "up.1")));
    first.kill("SIGSTOP");
    const [second] = await start(/works with/, "worker");
    await until("the second attempt is up", () => existsSync(join(folder, "up.2")));
    expect(existsSync(join(folder, "met")) ? readFileSync(join(folder, "met"), "utf8") : "").to.equal("");

    first.kill("SIGCONT");
    await first.waitForOutput(/begins anew/);
    await until("it is registered again", async () => (await liveWorkers(url)) === 2);
    expect((await ask(url, `/runs/${id}/steps`)).data[0]).to.include({ status: "running", attempt: 2 });
    writeFileSync(join(folder, "go"), "");
    await until("the run is completed", async () => (await ask(url, `/runs/${id}`)).status === "completed");
    const { attempts } = await ask(url, `/runs/${id}/steps/s.work`);
    expect(attempts.map(({ reason }: { reason: string | null }) => reason)).to.deep.equal([
      "worker_lost",
      null,
    ]);
    for (const program of [first, second, server]) await program.stop();
    for (const { mark } of [first, second, server]) await nothingIsLeftOf(mark);
    await database.drop();
  });
});

async function liveWorkers(url: string): Promise<number> {
  const { data } = (await ask(url, "/workers")) as { data: { status: string }[] };
  return data.filter(({ status }) => status === "live").length;
}
