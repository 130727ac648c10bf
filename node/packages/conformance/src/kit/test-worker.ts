import type {
  ClaimedTask,
  ExchangeAnswer,
  ExchangeRequest,
  NewWorker,
  Outcome,
  Store,
  WorkerProcess,
} from "@maxq/db";

let named = 0;

/** A worker without processes: it claims, and says what tests want of the outcome. */
export class TestWorker {
  private constructor(
    readonly store: Store,
    readonly key: number,
    readonly id: string,
  ) {}

  static async register(store: Store, change: Partial<NewWorker> = {}): Promise<TestWorker> {
    const worker = aWorker(change);
    return new TestWorker(store, await store.registerWorker(worker), worker.id);
  }

  /** In the place of a dead process; null if none of them is registered. */
  static async succeed(
    store: Store,
    dead: readonly WorkerProcess[],
    change: Partial<NewWorker> = {},
  ): Promise<TestWorker | null> {
    const worker = aWorker(change);
    const key = await store.succeedWorker(dead, worker);
    return key === null ? null : new TestWorker(store, key, worker.id);
  }

  exchange(request: Partial<Omit<ExchangeRequest, "workerKey">>): Promise<ExchangeAnswer> {
    const nothing = {
      round: 0,
      outcomes: [],
      released: [],
      started: [],
      freeSteps: 0,
      aheadSteps: 0,
      freeCalls: 0,
      lookForSteps: true,
      lookForCalls: true,
    };
    return this.store.exchange({ ...nothing, ...request, workerKey: this.key });
  }

  async claimSteps(freeSteps = 100): Promise<readonly ClaimedTask[]> {
    return (await this.exchange({ freeSteps })).claimed;
  }

  /** Claims one step that must be there. */
  async claimStep(): Promise<ClaimedTask> {
    return only(await this.claimSteps(1));
  }

  async claimCalls(freeCalls = 100): Promise<readonly ClaimedTask[]> {
    return (await this.exchange({ freeCalls })).claimed;
  }

  /** Claims one flow call that must be there. */
  async claimCall(): Promise<ClaimedTask> {
    return only(await this.claimCalls(1));
  }

  record(...outcomes: readonly Outcome[]): Promise<ExchangeAnswer> {
    return this.exchange({ outcomes });
  }
}

/** A worker's registration, by a name of its own. */
export function aWorker(change: Partial<NewWorker> = {}): NewWorker {
  named += 1;
  return {
    id: `host/${named}`,
    host: "host",
    bootId: "boot",
    pid: 1000 + named,
    pidStartedAt: String(named),
    role: "worker",
    slots: 10,
    launcher: "test",
    containment: "none",
    mark: "",
    version: "0.0.0",
    leaseMs: 30_000,
    ...change,
  };
}

function only(claimed: readonly ClaimedTask[]): ClaimedTask {
  if (claimed.length !== 1)
    throw new Error(`one task should have been claimable, ${claimed.length} were claimed`);
  return claimed[0]!;
}
