import { randomBytes } from "node:crypto";
import { problem, type Run } from "@maxq/core";
import type { Driver, Statements, Tx } from "../../driver.js";
import type { FastCreate } from "../../fast.js";
import type { Refused } from "../../store/refs.js";
import type { Idempotency, NewRun, RunStore } from "../../store/runs.js";
import { runChange } from "../events.js";
import { plainText } from "../plain-text.js";
import { readRun } from "../read/read-run.js";
import { addFlowCall } from "../stage/flow-call.js";
import { metadataRows } from "./metadata-rows.js";
import { lockRun, saveRun } from "./open-run.js";
import type { RecentInputs } from "./recent-inputs.js";

type Existing = { readonly reason: "existing"; readonly run: Run } | Refused;
type Created = { readonly reason: "created"; readonly run: Run } | Existing;

/** Triggering: the run and its first flow call, in one transaction. */
export function createCreateVerbs(
  driver: Driver,
  fast: FastCreate | null,
  inputs: RecentInputs,
): Pick<RunStore, "createRun" | "runOfKey" | "retryAsNewRun"> {
  return {
    createRun: async (run) => {
      const created =
        fast !== null && run.idempotency === null
          ? await createFast(fast, run)
          : await driver.transaction((tx) => createRun(tx, run));
      if (created.reason === "created") inputs.keep(created.run.id, JSON.stringify(run.input));
      return created;
    },
    runOfKey: (idempotency) => runOfKey(driver, idempotency),
    retryAsNewRun: (runId) => driver.transaction((tx) => retryAsNewRun(tx, runId)),
  };
}

async function createFast(fast: FastCreate, run: NewRun): Promise<Created> {
  const id = uuidV7();
  const createdAt = await fast(id, run);
  const { flowName, input, metadata, priority, timeoutMs, parentRunId } = run;
  const stored = (text: string | null): string | null => (text === null ? null : plainText(text));
  return {
    reason: "created",
    run: {
      id,
      flowName,
      status: "pending",
      input,
      output: null,
      error: null,
      metadata,
      createdAt,
      startedAt: null,
      completedAt: null,
      durationMs: null,
      name: stored(run.name),
      description: stored(run.description),
      flowTitle: stored(run.flowTitle),
      terminationReason: null,
      priority,
      timeoutMs,
      parentRunId,
      retryOf: null,
    },
  };
}

async function createRun(tx: Tx, run: NewRun): Promise<Created> {
  const id = uuidV7();
  if (run.idempotency !== null) {
    const earlier = await takeKey(tx, run.idempotency, id);
    if (earlier !== null) return earlier;
  }
  return { reason: "created", run: await insertRun(tx, id, run, null) };
}

/** Claims the key for this run; answers what the key stands for if somebody was earlier (also one who commits while this waits). */
async function takeKey(tx: Tx, { key, bodyHash }: Idempotency, runId: string): Promise<Existing | null> {
  if ((await tx.run("idempotency_key.take", { key, bodyHash, runId })) === 1) return null;
  const earlier = await runOfKey(tx, { key, bodyHash });
  if (earlier === null) throw new Error("an idempotency key names a run that does not exist");
  return earlier;
}

async function runOfKey(statements: Statements, { key, bodyHash }: Idempotency): Promise<Existing | null> {
  const [earlier] = await statements.all<{ runId: string; bodyHash: string }>("idempotency_key.find", {
    key,
  });
  const run = earlier === undefined ? null : await readRun(statements, earlier.runId);
  if (earlier === undefined || run === null) return null;
  if (earlier.bodyHash === bodyHash) return { reason: "existing", run };
  return {
    reason: "refused",
    problem: problem(
      "IDEMPOTENCY_CONFLICT",
      `this idempotency key made run ${run.id} from another body; use a new key`,
      { runId: run.id },
    ),
  };
}

async function insertRun(tx: Tx, id: string, run: NewRun, retryOf: string | null): Promise<Run> {
  await tx.run("run.insert", {
    runId: id,
    flowName: run.flowName,
    priority: run.priority,
    timeoutMs: run.timeoutMs,
  });
  await tx.run("run.insert_detail", {
    runId: id,
    input: JSON.stringify(run.input),
    metadata: JSON.stringify(run.metadata),
    name: run.name,
    description: run.description,
    flowTitle: run.flowTitle,
    timeoutMs: run.timeoutMs,
    parentRunId: run.parentRunId,
    retryOf,
  });
  const rows = metadataRows(run.metadata);
  if (rows.length > 0) await tx.run("run_metadata.insert", { runId: id, rows: JSON.stringify(rows) });
  const open = await lockRun(tx, id);
  open!.changes.push(runChange({ status: "pending" }));
  await addFlowCall(tx, open!);
  await saveRun(tx, open!);
  return (await readRun(tx, id))!;
}

async function retryAsNewRun(tx: Tx, runId: string): Promise<{ reason: "created"; run: Run } | Refused> {
  const old = await readRun(tx, runId);
  if (old === null)
    return { reason: "refused", problem: problem("RUN_NOT_FOUND", `there is no run ${runId}`) };
  if (old.status !== "failed" && old.status !== "aborted")
    return {
      reason: "refused",
      problem: problem(
        "STATE_CONFLICT",
        `run ${runId} is ${old.status}: only failed and aborted runs can be retried`,
        { status: old.status },
      ),
    };
  const run: NewRun = { ...old, parentRunId: null, idempotency: null };
  return { reason: "created", run: await insertRun(tx, uuidV7(), run, old.id) };
}

/** A UUID whose beginning is the time (RFC 9562 §5.7): new runs lie together in the index. */
function uuidV7(): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
