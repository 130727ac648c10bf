import { defaultLimits, type FlowDirectory, type Limits, type LiveOutput } from "@maxq/core";
import type { AttemptRef, ClaimedTask, RetentionRules, Store } from "@maxq/db";
import {
  createAccess,
  createApp,
  listen,
  type AccessMode,
  type HttpInstruments,
  type Listening,
  type MetricsText,
} from "@maxq/http";
import { until } from "@maxq/test-kit";
import { pino, type Logger } from "pino";
import { someFlows } from "./flow-directory.js";
import { send, type Received, type Sent } from "./http.js";

/** What a test may choose about its server. */
export interface ServerChoices {
  readonly mode?: AccessMode;
  readonly flows?: FlowDirectory;
  readonly limits?: Partial<Limits>;
  readonly liveOutput?: LiveOutput;
  readonly logger?: Logger;
  readonly abortGraceMs?: number;
  readonly readerPatienceMs?: number;
  readonly retention?: RetentionRules;
  readonly otherOrigins?: readonly string[];
  readonly metrics?: MetricsText;
  readonly instruments?: HttpInstruments;
  /** Default: a free one. */
  readonly port?: number;
}

/** A server that listens, and the store behind it. */
export interface TestServer extends Listening {
  readonly store: Store;
  /** Sends to a path below `/api/v1`. */
  api(path: string, sent?: Sent): Promise<Received>;
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Received>;
  /** A run of the flow `hello`, made over HTTP. */
  aRun(body?: object): Promise<string>;
  /** Claims a flow call or step of the run, and whatever comes before it, as a worker does. */
  claim(runId: string, kind?: "flow" | "step"): Promise<ClaimedTask>;
  /** Resolves when the worker is told to abort the run. */
  toldToAbort(runId: string): Promise<void>;
  /** Ends a claimed task with exit 0. */
  complete(task: ClaimedTask): Promise<void>;
  /** A token for an attempt, and the base URL that carries it. */
  tokenOf(runId: string, ref: AttemptRef): { readonly api: string; readonly apiKey: string };
}

/** Starts a server on a free port of loopback. */
export async function aServer(store: Store, choices: ServerChoices = {}): Promise<TestServer> {
  const {
    mode = { mode: "open" },
    limits,
    logger = pino({ level: "silent" }),
    otherOrigins = [],
    port = 0,
    ...rest
  } = choices;
  const access = await createAccess({ store, mode, otherOrigins });
  const app = createApp({
    store,
    flows: someFlows({ hello: ["greet", "farewell"], other: [] }),
    access,
    logger,
    limits: { ...defaultLimits, ...limits },
    liveOutput: null,
    abortGraceMs: 200,
    version: "0.0.0-test",
    ...rest,
  });
  const listening = await listen(app, { host: "127.0.0.1", port });
  const api = (path: string, sent?: Sent): Promise<Received> => send(`${listening.url}/api/v1${path}`, sent);
  const post: TestServer["post"] = (path, body, headers = {}) => api(path, { method: "POST", body, headers });
  const worker = aWorker(store);
  return {
    ...listening,
    store,
    api,
    post,
    aRun: async (body = {}) => (await post("/flows/hello/runs", body)).json.id as string,
    tokenOf: access.issuer(listening.url),
    ...worker,
  };
}

function aWorker(store: Store): Pick<TestServer, "claim" | "complete" | "toldToAbort"> {
  let key: Promise<number> | null = null;
  const registered = (): Promise<number> =>
    (key ??= store.registerWorker({
      id: `test/${Math.random()}`,
      host: "test",
      bootId: "boot",
      pid: process.pid,
      pidStartedAt: "0",
      role: "worker",
      slots: 1,
      launcher: "node",
      containment: "none",
      mark: "",
      version: "0.0.0-test",
      leaseMs: 30_000,
    }));
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
  return {
    claim: (runId, kind = "flow") =>
      until(`a ${kind} of run ${runId} is claimed`, async () => {
        const free = kind === "flow" ? { freeCalls: 10 } : { freeSteps: 10 };
        const { claimed } = await store.exchange({ ...nothing, ...free, workerKey: await registered() });
        return claimed.find((task) => task.runId === runId);
      }),
    toldToAbort: async (runId) => {
      const workerKey = await registered();
      await until(`the worker is told to abort ${runId}`, async () => {
        const lease = await store.renewLease(workerKey);
        return lease.reason === "renewed" && lease.controls.some((each) => each.runId === runId);
      });
    },
    complete: async (task) => {
      const outcome = {
        ...task,
        result: "success",
        killedBy: null,
        exitCode: 0,
        signal: null,
        problem: null,
        durationMs: 1,
        cpuMs: null,
        maxRssBytes: null,
        output: null,
        fields: null,
        warnings: [],
        document: task.kind === "flow" ? ({ reason: "none" } as const) : null,
      } as const;
      await store.exchange({ ...nothing, outcomes: [outcome], workerKey: await registered() });
    },
  };
}
