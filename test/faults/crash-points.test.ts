/** MaxQ is killed at each of its crash points in turn; the next one finishes what it left, and is killed at the next point. */
import { aFolder, forEachDatabase, nothingIsLeftOf, startProgram, until, type Program } from "@maxq/test-kit";
import type { TestDatabase } from "@maxq/test-kit";
import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { crashPoints, type CrashPoint } from "../../node/packages/maxq/src/crash/points.js";
import { startDatabaseProxy, type DatabaseProxy } from "../proxy/proxy.js";
import { Api } from "../system/api.js";
import { Flows } from "../system/flows.js";
import { command } from "../system/server.js";
import { isExchange } from "./cuts.js";
import { addFlows, addWideFlow } from "./flows.js";
import { begun, overlaps, sightings } from "./witness.js";

const long = process.env["MAXQ_TEST_LONG"] === "1";

/** Reached before the process serves. */
const atStart = new Set<CrashPoint>([
  "before_registration",
  "after_registration",
  "before_rescue",
  "after_rescue",
]);
/** Reached after a stop signal. */
const atStop = new Set<CrashPoint>([
  "before_drain",
  "after_drain",
  "before_retirement",
  "after_retirement",
  "before_hand_back",
  "after_hand_back",
]);
/** Reached only where something was claimed ahead, which the pace of the machine decides. */
const byChance = new Set<CrashPoint>(["before_hand_back", "after_hand_back", "before_mark", "after_mark"]);
/** Reached only where something is adopted: see test/engine/adoption.test.ts. */
const ofAdoption = new Set<CrashPoint>(["before_succession", "after_succession"]);
/** Reached only after an answer of the database was lost, which SQLite does not lose. */
const afterLoss = new Set<CrashPoint>(["before_look", "after_look"]);

/** The long form takes all of them on both databases. In CI each is hit once: what comes after a commit on PostgreSQL, the rest on SQLite. */
function pointsOn(title: string): CrashPoint[] {
  const sqlite = title === "SQLite";
  return crashPoints.filter((point) => {
    if (ofAdoption.has(point)) return false;
    if (afterLoss.has(point)) return !sqlite;
    return long || sqlite !== point.startsWith("after_");
  });
}

/** One MaxQ after the other on the same database and folders. */
class Succession {
  readonly directory = aFolder("crash");
  readonly flows = new Flows(join(this.directory, "flows"));
  readonly names = { ...addFlows(this.flows), wide: addWideFlow(this.flows) };
  readonly programs: Program[] = [];

  constructor(
    private readonly database: TestDatabase,
    private readonly proxy: DatabaseProxy | null,
  ) {}

  start(crashAt: string | null): Program {
    const program = startProgram({
      command,
      args: [],
      cwd: this.directory,
      env: {
        MAXQ_PORT: "0",
        MAXQ_FLOWS_ROOT: this.flows.root,
        MAXQ_DATA_DIR: join(this.directory, "data"),
        MAXQ_ADOPT: "off", // each is to find what the one before left; going on with it has tests of its own
        MAXQ_LEASE_MS: "3000",
        MAXQ_MAX_CONCURRENT_STEPS: "2",
        TEST_SIGNALS: this.directory,
        ...this.database.environment,
        ...(this.proxy === null ? {} : { MAXQ_DATABASE_URL: this.proxy.url }),
        ...(crashAt === null ? {} : { MAXQ_CRASH_AT: crashAt }),
      },
    });
    this.programs.push(program);
    return program;
  }

  async apiOf(program: Program): Promise<Api> {
    const [, url] = await program.waitForOutput(/serves (http:\/\/[^,]+)/, 60_000);
    return new Api(url!);
  }

  /** Starts a run, or finds the one of the same key. Null: the server died before it answered. */
  async trigger(api: Api, key: string, flow: string): Promise<string | null> {
    const headers = { "idempotency-key": key };
    const answer = await api.request("POST", `/flows/${flow}/runs`, {}, headers).catch(() => null);
    if (answer !== null) expect(answer.status, JSON.stringify(answer.body)).to.be.oneOf([200, 201]);
    return answer === null ? null : (answer.body.id as string);
  }

  /** So many that the pace is known by which the next are claimed. */
  async someCompleted(runId: string): Promise<void> {
    const count = `select 1 from step where run_id = '${runId}' and kind = 'step' and status = 'completed'`;
    await until("some steps are completed", async () => (await this.database.query(count)).length > 20);
  }

  /** Steps and flow calls that are completed on record, as `KEY ATTEMPT`. */
  async completed(): Promise<string[]> {
    const rows = await this.database.query<{ key: number; attempt: number }>(
      "select key, attempt from step where status = 'completed'",
    );
    return rows.map(({ key, attempt }) => `${key} ${attempt}`);
  }
}

forEachDatabase((_, database) => {
  describe("killed at each crash point", function () {
    this.timeout(300_000);
    let site: Succession;
    let proxy: DatabaseProxy | null = null;
    before(async () => {
      const url = database.environment["MAXQ_DATABASE_URL"];
      proxy = url === undefined ? null : await startDatabaseProxy(url);
      site = new Succession(database, proxy);
    });
    after(async () => {
      for (const program of site.programs) if (program.isRunning()) await program.stop();
      for (const { mark } of site.programs) await nothingIsLeftOf(mark);
      await proxy?.close();
    });
    afterEach(function () {
      if (this.currentTest?.state === "failed")
        for (const program of site.programs.slice(-2)) console.error(program.output().slice(-3000));
    });

    it("loses nothing, repeats nothing that is on record, and the database stays whole", async () => {
      const triggered: { key: string; flow: string }[] = [];
      /** What the predecessors left comes to its end, and what they recorded is what it was. */
      const finish = async (api: Api, recorded: readonly string[]): Promise<void> => {
        for (const { key, flow } of triggered.splice(0)) {
          const runId = await site.trigger(api, key, flow);
          const run = await api.ended(runId!, 60_000);
          expect(run.status, `${key}: ${JSON.stringify(run.error)}`).to.equal("completed");
          const attempts = begun(sightings(site.directory), runId!);
          expect(attempts, "no attempt begins twice").to.deep.equal([...new Set(attempts)]);
        }
        expect(overlaps(sightings(site.directory))).to.deep.equal([]);
        expect(await site.completed()).to.include.members([...recorded]);
      };
      let recorded: string[] = [];
      const diesAt = async (point: CrashPoint, attempt: number): Promise<boolean> => {
        const armed = join(site.directory, `armed.${point}.${attempt}`);
        if (atStart.has(point)) writeFileSync(armed, "");
        const program = site.start(`${point}:${armed}`);
        if (!atStart.has(point)) {
          const api = await site.apiOf(program);
          await finish(api, recorded);
          const key = `${point}.${attempt}`;
          const { printed, posted, wide } = site.names;
          const flow = byChance.has(point) ? wide : point.endsWith("schedule") ? posted : printed;
          triggered.push({ key, flow });
          if (afterLoss.has(point)) void proxy!.cutReply(1, isExchange);
          if (!atStop.has(point)) writeFileSync(armed, "");
          const runId = await site.trigger(api, key, flow);
          if (atStop.has(point)) {
            if (byChance.has(point)) await site.someCompleted(runId!);
            writeFileSync(armed, "");
            program.kill("SIGTERM");
          }
        }
        const { signal, code } = await program.ended;
        recorded = await site.completed();
        if (signal !== "SIGKILL") expect([point, code]).to.deep.equal([point, 0]);
        return signal === "SIGKILL";
      };
      for (const point of pointsOn(database.title)) {
        let hit = false;
        for (let attempt = 1; !hit && attempt <= (byChance.has(point) ? 10 : 1); attempt++)
          hit = await diesAt(point, attempt);
        expect(hit, `${point} was hit`).to.equal(true);
      }
      const last = site.start(null);
      await finish(await site.apiOf(last), recorded);
      await last.stop();
      const verify = startProgram({
        command,
        args: ["verify"],
        cwd: site.directory,
        env: { MAXQ_DATA_DIR: join(site.directory, "data"), ...database.environment },
      });
      expect((await verify.ended).code, verify.output()).to.equal(0);
    });
  });
});
