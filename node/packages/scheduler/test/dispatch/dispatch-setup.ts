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
  killedAtDeadline = 0;
  readonly recorded: string[] = [];
  readonly warned: string[] = [];
  readonly dispatcher: Dispatcher;

  constructor(slots = { steps: 2, calls: 1, batch: 10 }) {
    this.lease.begin(1, this.clock.now());
    const readers = {
      readFields: () => ({ fields: {}, warnings: [] }),
      readDocument: () => ({ reason: "none" }) as const,
      logCapBytes: 8192,
    };
    const issueAccess = () => ({ api: "", apiKey: "" });
    const ports = { runner: this.runner, issueAccess, readers, steps: slots.steps };
    this.dispatcher = new Dispatcher(
      {
        store: this.store,
        clock: this.clock,
        logger: silentLogger,
        reachability: new Reachability(this.clock, {
          ...silentLogger,
          warn: (...told: readonly unknown[]) => void this.warned.push(String(told[1])),
        }),
        lease: this.lease,
        instruments: this.measured,
        keepsWaiting: () => this.runner.keepsWaiting,
        run: (held, ...told) => runTask(held, ports, ...told),
        adopt: (held, process, ...told) => adoptTask(held, process, ports, ...told),
        recorded: ({ key, attempt }) => this.recorded.push(`${key}.${attempt}`),
        runsEnded: (runs) => this.ended.push(...runs.map(({ runId }) => runId)),
        attemptsFailed: () => undefined,
        fenced: () => this.fenced++,
        killedAtDeadline: () => this.killedAtDeadline++,
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

  /** Steps whose scripts ran. */
  started(): string[] {
    return this.runner.scripts.filter(({ began }) => began).map(({ start }) => start.stepId);
  }

  /** Scripts that run. */
  unended(): FakeScript[] {
    return this.runner.scripts.filter(({ over, waits }) => !over && !waits);
  }

  /** Steps whose scripts wait at the launcher. */
  waiting(): string[] {
    return this.runner.waiting().map(({ start }) => start.stepId);
  }

  /** What waits in the queue: claimed by hand, as the pace of a test claims nothing ahead. */
  async queue(key: number): Promise<void> {
    this.store.extra = { claimed: [aTask(key)] };
    this.store.owned.set(key, aTask(key));
    await this.dispatcher.runOnce();
  }
}
