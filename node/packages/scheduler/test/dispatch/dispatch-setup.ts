import { Reachability } from "../../src/database/reachability.js";
import { Dispatcher } from "../../src/dispatch/dispatcher.js";
import { Lease } from "../../src/heartbeat/lease.js";
import { adoptTask, runTask } from "../../src/task/run-task.js";
import { aTask } from "../fakes/builders.js";
import { FakeInstruments } from "../fakes/fake-instruments.js";
import { FakeRunner, type FakeScript } from "../fakes/fake-runner.js";
import { FakeWorkStore } from "../fakes/fake-work-store.js";
import { ManualClock, settle } from "../fakes/manual-clock.js";
import { silentLogger } from "../fakes/silent-logger.js";

/** A dispatcher over a store in memory, scripts that a test ends, and a clock that it turns. */
export class DispatchSetup {
  readonly clock = new ManualClock();
  readonly store = new FakeWorkStore();
  readonly runner = new FakeRunner();
  readonly lease = new Lease(30_000, this.clock);
  readonly measured = new FakeInstruments();
  readonly ended: string[] = [];
  idle = 0;
  fenced = 0;
  readonly recorded: string[] = [];
  readonly dispatcher: Dispatcher;

  constructor(slots = { steps: 2, calls: 1, batch: 10 }) {
    this.lease.begin(1, this.clock.now());
    const readers = {
      readFields: () => ({ fields: {}, warnings: [] }),
      readDocument: () => ({ reason: "none" }) as const,
      logCapBytes: 8192,
    };
    const issueAccess = () => ({ api: "", apiKey: "" });
    this.dispatcher = new Dispatcher(
      {
        store: this.store,
        clock: this.clock,
        logger: silentLogger,
        reachability: new Reachability(this.clock, silentLogger),
        lease: this.lease,
        instruments: this.measured,
        run: (held, finished) => runTask(held, { runner: this.runner, issueAccess, readers }, finished),
        adopt: (held, process, finished) =>
          adoptTask(held, process, { runner: this.runner, issueAccess, readers }, finished),
        recorded: ({ key, attempt }) => this.recorded.push(`${key}.${attempt}`),
        runsEnded: (runs) => this.ended.push(...runs.map(({ runId }) => runId)),
        attemptsFailed: () => undefined,
        fenced: () => this.fenced++,
        idle: () => this.idle++,
      },
      slots,
      5000,
    );
  }

  /** Starts with this many steps to claim. */
  async with(steps: number): Promise<this> {
    for (let key = 1; key <= steps; key++) this.store.waiting.push(aTask(key));
    this.dispatcher.start();
    await settle();
    return this;
  }

  started(): string[] {
    return this.runner.scripts.map(({ start }) => start.stepId);
  }

  /** Scripts that were started and not ended by the test. */
  unended(): FakeScript[] {
    return this.runner.scripts.filter(({ over }) => !over);
  }

  /** What waits in the queue: claimed by hand, as the pace of a test claims nothing ahead. */
  async queue(key: number): Promise<void> {
    this.store.extra = { claimed: [aTask(key)] };
    this.store.owned.set(key, aTask(key));
    await this.dispatcher.runOnce();
  }
}
