import { attemptKey } from "@maxq/core";
import { systemClock, type Clock } from "../clock/clock.js";
import { Reachability } from "../database/reachability.js";
import { Dispatcher } from "../dispatch/dispatcher.js";
import { KnownRuns } from "../dispatch/known-runs.js";
import type { DispatchPorts } from "../dispatch/ports.js";
import { Heartbeat } from "../heartbeat/heartbeat.js";
import { Lease } from "../heartbeat/lease.js";
import { isProcessAlive } from "../host/process-alive.js";
import { noInstruments, type WorkerInstruments } from "../instruments.js";
import { liveOutput } from "../live/live-output.js";
import { Rescue } from "../rescue/rescue.js";
import { RetentionService } from "../retention/retention-service.js";
import { Periodic } from "../service/periodic.js";
import { documentReader } from "../task/read-document.js";
import { StageLookup } from "../task/stage-lookup.js";
import { adoptTask, runTask, type TaskPorts } from "../task/run-task.js";
import { pollOnce } from "../timers/fallback-poll.js";
import { Timers } from "../timers/timers.js";
import { WakeUpHealth } from "../timers/wake-up-health.js";
import { Membership } from "./membership.js";
import type { WorkerHooks, WorkerOptions } from "./options.js";
import { RunningWorker } from "./running-worker.js";
import type { Worker } from "./worker.js";

/** Puts a worker together; nothing runs before `start`. */
export function createWorker(options: WorkerOptions): Worker {
  const { ports, settings } = options;
  const hooks = options.hooks ?? {};
  const { store, logger } = ports;
  const clock = ports.clock ?? systemClock;
  const reachability = new Reachability(clock, logger);
  const lease = new Lease(settings.leaseMs, clock);
  const knownRuns = new KnownRuns(clock, (runId) => ports.runner.forgetRun(runId));
  const instruments = ports.instruments ?? noInstruments;
  const shared = { store, clock, logger, reachability, lease, instruments };
  const lookup = new StageLookup(shared);

  const timers = new Timers({ ...shared, due: () => dispatcher.wake() });
  const timerService = new Periodic("timers", () => timers.look(), clock, logger);
  const dispatcher = makeDispatcher(options, hooks, { ...shared, lookup }, knownRuns, {
    attemptsFailed: () => timerService.soon(),
    fenced: () => heartbeatService.soon(),
    killedAtDeadline: () => membership.killedAtDeadline(),
  });

  const tellRenewed = (sentAt: number) =>
    hooks.onLeaseRenewed?.({
      sentMsAgo: clock.now() - sentAt,
      leaseMs: settings.leaseMs,
      mayRunMs: lease.remainingMs(),
    });
  const membership = new Membership(options, shared, dispatcher, tellRenewed);
  const rescue = makeRescue(options, hooks, shared, dispatcher);
  const rescueService = new Periodic("rescue", () => rescue.sweep(), clock, logger);
  const heartbeat = makeHeartbeat(shared, {
    ...{ dispatcher, membership, rescue, rescueService, timerService, knownRuns },
    tellRenewed,
  });
  const heartbeatService = new Periodic("heartbeat", () => heartbeat.beat(), clock, logger);
  const retention = new RetentionService({
    ...shared,
    rules: settings.retention ?? null,
    holder: options.identity.id,
  });
  return new RunningWorker({
    ...shared,
    runner: ports.runner,
    joined: () => hooks.onJoined?.(),
    dispatcher,
    lookup,
    membership,
    heartbeat: heartbeatService,
    rescue: rescueService,
    timers: timerService,
    retention,
    poll: makePoll(shared, settings.pollMs, dispatcher, timerService),
    live: liveOutput(dispatcher.holdings, settings.logCapBytes),
  });
}

function makeDispatcher(
  { ports, settings }: WorkerOptions,
  hooks: WorkerHooks,
  { lookup, ...shared }: SharedPorts & { readonly lookup: StageLookup },
  knownRuns: KnownRuns,
  told: Pick<DispatchPorts, "attemptsFailed" | "fenced" | "killedAtDeadline">,
): Dispatcher {
  const taskPorts: TaskPorts = {
    runner: ports.runner,
    issueAccess: ports.issueAccess,
    readers: {
      readFields: ports.readFields,
      readDocument: documentReader(ports.flows, settings.limits, (runId, stage) =>
        lookup.hasStage(runId, stage),
      ),
      logCapBytes: settings.logCapBytes,
    },
    steps: settings.slots.steps,
  };
  return new Dispatcher(
    {
      ...shared,
      keepsWaiting: () => ports.runner.keepsWaiting,
      run: (held, finished, withdrawn) => {
        knownRuns.used(held.task.runId);
        runTask(held, taskPorts, finished, withdrawn);
      },
      runsEnded: (runs) => {
        const runIds = runs.map(({ runId }) => runId);
        for (const runId of runIds) knownRuns.ended(runId);
        hooks.onRunsEnded?.(runIds);
      },
      adopt: (held, process, finished, withdrawn) => {
        knownRuns.used(held.task.runId);
        adoptTask(held, process, taskPorts, finished, withdrawn);
      },
      recorded: (ref) => ports.runner.recorded(attemptKey(ref)),
      ...told,
      idle: () => hooks.onIdle?.(),
    },
    settings.slots,
    settings.graceMs,
  );
}

function makeRescue(
  { ports }: WorkerOptions,
  hooks: WorkerHooks,
  shared: SharedPorts,
  dispatcher: Dispatcher,
): Rescue {
  return new Rescue({
    ...shared,
    isProcessAlive: ports.isProcessAlive ?? isProcessAlive,
    isAwaited: () => true,
    isAdoptable: hooks.isAdoptable ?? (() => false),
    clearRemains: hooks.clearRemains ?? (() => Promise.resolve()),
    rescued: () => dispatcher.wake(),
  });
}

/** Whom the heartbeat tells. */
interface Told {
  readonly dispatcher: Dispatcher;
  readonly membership: Membership;
  readonly rescue: Rescue;
  readonly rescueService: Periodic;
  readonly timerService: Periodic;
  readonly knownRuns: KnownRuns;
  readonly tellRenewed: (sentAt: number) => void;
}

function makeHeartbeat(shared: SharedPorts, told: Told): Heartbeat {
  const { dispatcher, membership, rescue, rescueService, timerService, knownRuns, tellRenewed } = told;
  const { instruments, lease } = shared;
  return new Heartbeat({
    ...shared,
    controls: (controls) => dispatcher.control(controls),
    others: (leases) => {
      rescue.heard(leases);
      rescueService.soon();
    },
    due: () => timerService.soon(),
    work: () => dispatcher.wake(),
    renewed: (sentAt, again, leftMs) => {
      tellRenewed(sentAt);
      instruments.leaseRenewed(leftMs, lease.durationMs);
      if (again) dispatcher.wake();
      knownRuns.sweep(dispatcher.holdings.runIds());
    },
    lapsed: () => membership.lapse(),
    lost: () => membership.registerAnew(),
  });
}

/** Looks for what no wake-up told of. */
function makePoll(
  shared: SharedPorts,
  intervalMs: number,
  dispatcher: Dispatcher,
  timerService: Periodic,
): Periodic {
  const { store, clock, logger, lease } = shared;
  const isHealthy = (): boolean => store.wakeUpsHealthy();
  const wakeUps = new WakeUpHealth({ ...shared, isHealthy, intervalMs });
  const poll = {
    wakeUpsHealthy: () => wakeUps.look(),
    wasActive: () => dispatcher.wasActive(),
    poll: () => {
      dispatcher.wake();
      timerService.soon();
    },
    intervalMs,
    idleMs: lease.intervalMs,
  };
  return new Periodic("fallback poll", () => Promise.resolve(pollOnce(poll)), clock, logger);
}

interface SharedPorts {
  readonly store: WorkerOptions["ports"]["store"];
  readonly clock: Clock;
  readonly logger: WorkerOptions["ports"]["logger"];
  readonly reachability: Reachability;
  readonly lease: Lease;
  readonly instruments: WorkerInstruments;
}
