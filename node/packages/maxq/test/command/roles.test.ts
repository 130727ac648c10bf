import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  aFlow,
  aFolder,
  createDatabase,
  nothingIsLeftOf,
  until,
  type CreatedDatabase,
  type Program,
} from "@maxq/test-kit";
import { expect } from "chai";
import { aRun, aServer, ask, maxq } from "./start.js";

/** Asks over HTTP, so that each worker's own listener for scripts is used. */
const flow = `[ -n "$MAXQ_COMPLETED_STAGE$MAXQ_FAILED_STAGE" ] || curl -fsS -X POST "$MAXQ_API/runs/$MAXQ_RUN_ID/steps" -d '{"stage":"s","final":true,"steps":[{"name":"work","instances":4}]}'`;

describe("roles", () => {
  let database: CreatedDatabase;
  let env: Record<string, string>;
  const programs: Program[] = [];
  before(async () => {
    database = await createDatabase();
    env = { MAXQ_DATABASE_URL: database.url, MAXQ_LEASE_MS: "6000", MAXQ_METRICS_PORT: "0" };
  });
  after(async () => {
    for (const program of programs) await program.stop();
    for (const { mark } of programs) await nothingIsLeftOf(mark);
    await database.drop();
  });

  async function aWorker(flows: string): Promise<Program> {
    const args = ["worker", "--data-dir", aFolder("worker"), "--flows", flows, "--max-concurrent-steps", "2"];
    const worker = maxq(args, { env });
    programs.push(worker);
    await worker.waitForOutput(/works with 2 slots/);
    return worker;
  }

  it("a server leaves the work to workers, and a dead one's work goes to the other", async () => {
    const folder = aFolder("witness");
    const work = `echo "$PPID" > ${folder}/up.$MAXQ_SEQUENCE.$MAXQ_ATTEMPT; until [ -e ${folder}/go ]; do sleep 0.05; done`;
    const { root } = aFlow("shared", { flow, steps: { work } });
    const args = ["serve", "--no-worker", "--port", "0", "--data-dir", aFolder("server"), "--flows", root];
    const server = maxq(args, { env });
    programs.push(server);
    const [, url = ""] = await server.waitForOutput(/serves (http:\/\/[^,]+).*no worker here/);
    const id = await aRun(url, "shared");
    expect((await ask(url, `/runs/${id}`)).status).to.equal("pending");
    expect((await ask(url, "/workers")).data).to.deep.equal([]);

    const [first] = [await aWorker(root), await aWorker(root)];
    const ups = (attempt: number): number[] =>
      [0, 1, 2, 3].filter((n) => existsSync(join(folder, `up.${n}.${attempt}`)));
    await until("all four run", () => ups(1).length === 4);
    const launchers = new Set(ups(1).map((n) => readFileSync(join(folder, `up.${n}.1`), "utf8")));
    expect(launchers.size).to.equal(2);
    const { data } = await ask(url, "/workers");
    expect(data.map(({ role, slots, running }: Shown) => ({ role, slots, running }))).to.deep.equal([
      { role: "worker", slots: 2, running: 2 },
      { role: "worker", slots: 2, running: 2 },
    ]);

    await first.stop("SIGKILL");
    writeFileSync(join(folder, "go"), "");
    await until("the run is completed", async () => (await ask(url, `/runs/${id}`)).status === "completed");
    expect(ups(2)).to.have.length(2);
    const steps = (await ask(url, `/runs/${id}/steps`)).data as { attempt: number }[];
    expect(steps.map(({ attempt }) => attempt).sort()).to.deep.equal([1, 1, 2, 2]);
  });

  it("a worker tells Prometheus what it does where MAXQ_METRICS_PORT says, and answers nothing else there", async () => {
    const worker = await aWorker(aFolder("flows"));
    const [, url = ""] = await worker.waitForOutput(/Metrics are at (http:\/\/127\.0\.0\.1:\d+)\/metrics/);
    const scrape = await (await fetch(`${url}/metrics`)).text();
    expect(scrape)
      .to.contain('maxq_slots{kind="step"} 2')
      .and.to.contain('role="worker",database="postgres"');
    expect((await fetch(`${url}/readyz`)).status).to.equal(200);
    expect((await fetch(`${url}/api/v1/runs`)).status).to.equal(404);
  });

  it("are refused on SQLite, which is one process", async () => {
    for (const args of [["worker"], ["serve", "--no-worker", "--port", "0"]]) {
      const program = maxq(args);
      expect((await program.ended).code).to.equal(1);
      expect(program.output()).to.match(/shares its database with others, which SQLite at .* does not allow/);
    }
  });

  it("a server that works, too, says so", async () => {
    const { server, url } = await aServer(["--data-dir", aFolder("both"), "--flows", aFolder("flows")], env);
    programs.push(server);
    const { data } = await ask(url, "/workers");
    expect(data.map(({ role }: Shown) => role)).to.include("server");
  });
});

interface Shown {
  readonly role: string;
  readonly slots: number;
  readonly running: number;
}
