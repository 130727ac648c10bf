import { createStore, type Driver, type Store } from "@maxq/db";
import { expect } from "chai";
import { aRun } from "../src/kit/a-run.js";
import { aStage } from "../src/kit/a-stage.js";
import { first } from "../src/kit/pages.js";
import { accepted } from "../src/kit/world.js";
import { adapters, type Opened } from "./adapters.js";

for (const [title, open] of Object.entries(adapters))
  describe(`at the very moment, on ${title},`, function () {
    this.timeout(60_000);
    let opened: Opened;
    before(async () => (opened = await open()));
    after(() => opened.end());

    const verbs: Record<
      string,
      { from?: "aborted"; to: string; call: (store: Store, id: string) => unknown }
    > = {
      pause: { to: "paused", call: (store, id) => store.pauseRun(id) },
      resume: { to: "pending", call: (store, id) => store.resumeRun(id) },
      abort: { to: "aborted", call: (store, id) => store.abortRun(id) },
      "abort again": { from: "aborted", to: "aborted", call: (store, id) => store.abortRun(id) },
      retry: { from: "aborted", to: "pending", call: (store, id) => store.retryRun(id) },
    };
    for (const [name, { from, to, call }] of Object.entries(verbs))
      it(`a run is answered as ${name} left it, though it is deleted as soon as that has committed`, async () => {
        const { run } = accepted(await opened.store.createRun(aRun()));
        if (from === "aborted") await opened.store.abortRun(run.id);
        const driver = afterCommit(opened.driver, async () => {
          await opened.store.abortRun(run.id);
          await opened.store.deleteRun(run.id);
        });
        expect(await call(createStore(driver), run.id)).to.have.nested.property("run.status", to);
        expect(await opened.store.getRun(run.id)).to.equal(null);
      });

    /** Five runs of a flow of their own, which are listed as they were and as they are once the first of the list has been aborted. */
    async function listedWhileAborted(flowName: string, limit: number) {
      const { store, driver } = opened;
      const ids: string[] = [];
      for (let n = 0; n < 5; n++)
        ids.push(accepted(await store.createRun(aRun({ flowName, name: String(n) }))).run.id);
      const listed = await store.listRuns({ flowName }, first(5));
      const abortTheFirst = () => store.abortRun(listed.data[0]!.id);
      const late = createStore(beforeStatement(driver, "read.runs", abortTheFirst));
      const page = await late.listRuns({ flowName, status: ["pending"] }, first(limit));
      return { ids: listed.data.map(({ id }) => id), page };
    }

    it("a run that is aborted is not listed as pending, and the next one takes its place", async () => {
      const { ids, page } = await listedWhileAborted("short", 2);
      expect(page.data.map(({ id }) => id)).to.deep.equal(ids.slice(1, 3));
      expect(new Set(page.data.map(({ status }) => status))).to.deep.equal(new Set(["pending"]));
      const all = { flowName: "short", status: ["pending"] } as const;
      const rest = await opened.store.listRuns(all, { limit: 5, offset: 0, cursor: page.nextCursor });
      expect(rest.data.map(({ id }) => id)).to.deep.equal(ids.slice(3));
    });

    it("a run that is aborted is not counted in a list that holds all", async () => {
      const { ids, page } = await listedWhileAborted("whole", 5);
      expect(page.data.map(({ id }) => id)).to.deep.equal(ids.slice(1));
      expect(page).to.deep.include({ total: 4, nextCursor: null });
    });

    it("a step that is cancelled is not listed as pending", async () => {
      const { run } = accepted(await opened.store.createRun(aRun()));
      accepted(await opened.store.scheduleStage(run.id, aStage("s", ["a", "b"]), null));
      const abort = () => opened.store.abortRun(run.id);
      const late = createStore(beforeStatement(opened.driver, "read.steps", abort));
      const page = await late.listSteps(run.id, { status: ["pending"] }, first(1));
      expect(page).to.deep.include({ data: [], nextCursor: null });
    });
  });

/** The same driver; before it first runs that statement, this happens. */
function beforeStatement(driver: Driver, statement: string, happen: () => Promise<unknown>): Driver {
  let happened = false;
  const all: Driver["all"] = async (name, params) => {
    if (name === statement && !happened) {
      happened = true;
      await happen();
    }
    return driver.all(name, params);
  };
  return changed(driver, { all });
}

/** The same driver; after the first transaction, this happens before anything else of it. */
function afterCommit(driver: Driver, happen: () => Promise<unknown>): Driver {
  let happened = false;
  const transaction: Driver["transaction"] = async (work) => {
    const answer = await driver.transaction(work);
    if (!happened) {
      happened = true;
      await happen();
    }
    return answer;
  };
  return changed(driver, { transaction });
}

function changed(driver: Driver, change: Partial<Driver>): Driver {
  return new Proxy(driver, {
    get(target, name) {
      if (Object.hasOwn(change, name)) return Reflect.get(change, name) as unknown;
      const value: unknown = Reflect.get(target, name);
      return typeof value === "function" ? (value.bind(target) as unknown) : value;
    },
  });
}
