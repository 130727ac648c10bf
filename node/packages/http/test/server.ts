import { defaultLimits, type Limits, type LiveOutput } from "@maxq/core";
import type { AttemptRef, ClaimedTask, Store } from "@maxq/db";
import { createAccess, createApp, listen, type AccessMode, type Listening } from "@maxq/http";
import { pino, type Logger } from "pino";
import { someFlows } from "./flow-directory.js";
import { send, type Received, type Sent } from "./http.js";

/** What a test may choose about its server. */
export interface ServerChoices {
  readonly mode?: AccessMode;
  readonly limits?: Partial<Limits>;
  readonly liveOutput?: LiveOutput;
  readonly logger?: Logger;
  readonly abortGraceMs?: number;
  readonly readerPatienceMs?: number;
  readonly otherOrigins?: readonly string[];
}

/** A server that listens, and the store behind it. */
export interface TestServer extends Listening {
  readonly store: Store;
  /** Sends to a path below `/api/v1`. */
  api(path: string, sent?: Sent): Promise<Received>;
  post(path: string, body?: unknown, headers?: Readonly<Record<string, string>>): Promise<Received>;
  /** A run of the flow `hello`, made over HTTP. */
  aRun(body?: object): Promise<string>;
  /** Claims one flow call or step, as a worker does. */
  claim(kind: "flow" | "step"): Promise<ClaimedTask>;
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
    ...rest
  } = choices;
  const access = await createAccess({ store, mode, otherOrigins });
  const flows = someFlows({ hello: ["greet", "farewell"], other: [] });
  const app = createApp({
    store,
    flows,
    access,
    logger,
    limits: { ...defaultLimits, ...limits },
    liveOutput: null,
    abortGraceMs: 200,
    version: "0.0.0-test",
    ...rest,
  });
  const listening = await listen(app, { host: "127.0.0.1", port: 0 });
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

function aWorker(store: Store): Pick<TestServer, "claim" | "complete"> {
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
      version: "0.0.0-test",
      leaseMs: 30_000,
    }));
  const nothing = { outcomes: [], released: [], started: [], freeSteps: 0, aheadSteps: 0, freeCalls: 0 };
  return {
    claim: async (kind) => {
      const free = kind === "flow" ? { freeCalls: 1 } : { freeSteps: 1 };
      const { claimed } = await store.exchange({ ...nothing, ...free, workerKey: await registered() });
      if (claimed[0] === undefined) throw new Error(`There is no ${kind} to claim`);
      return claimed[0];
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
