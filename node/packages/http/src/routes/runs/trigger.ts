import { createHash } from "node:crypto";
import { canonicalJson, overLimit, problem, type Json, type Problem, type TriggerBody } from "@maxq/core";
import type { Store } from "@maxq/db";
import { checkScope } from "../../access/scope.js";
import { answer, refuse, refusedByStore, type Answer } from "../../answer/answer.js";
import type { Services } from "../../app/services.js";
import type { Call } from "../route.js";
import { viewRun } from "./view.js";

/** Starts a run of a flow: 201 with the run, or 200 with the one that the same Idempotency-Key started before. */
export async function triggerRun(
  flowName: string,
  body: TriggerBody,
  call: Call,
  { store, flows, flowTitle, limits }: Services,
): Promise<Answer> {
  const keys = Object.keys(body.metadata ?? {}).length;
  if (keys > limits.metadataKeys)
    return refuse(overLimit(limits, "metadataKeys", "The metadata", keys, "metadata"));
  const key = idempotencyKey(call);
  if (typeof key === "object" && key !== null) return refuse(key);
  const asked = {
    flowName,
    input: body.input ?? null,
    metadata: body.metadata ?? {},
    priority: body.priority ?? 0,
    timeoutMs: body.timeoutMs ?? null,
    name: body.name ?? null,
    description: body.description ?? null,
  };
  const idempotency = key === null ? null : { key, bodyHash: hashOf(asked) };
  const unusable = await flows.checkFlow(flowName);
  if (unusable !== null) {
    // What the key started before is there, whatever has become of the flow.
    const earlier = idempotency === null ? null : await store.runOfKey(idempotency);
    return earlier === null ? refuse(unusable) : answerWith(earlier, call, store);
  }
  const parentRunId = call.caller.script?.runId ?? null;
  const made = await store.createRun({
    ...asked,
    parentRunId,
    flowTitle: await flowTitle(flowName),
    idempotency,
  });
  return answerWith(made, call, store);
}

type Made = Awaited<ReturnType<Store["createRun"]>>;

async function answerWith(result: Made, call: Call, store: Store): Promise<Answer> {
  if (result.reason !== "created" && (await isHidden(result, call, store))) return refuse(keyOfAnother());
  if (result.reason === "refused") return refusedByStore(result);
  const status = result.reason === "created" || givenKey(call) === null ? 201 : 200;
  // One that was just made has no stages.
  const view = result.reason === "created" ? { ...result.run, stages: [] } : await viewRun(result.run, store);
  return answer(status, view, { Location: `/api/v1/runs/${result.run.id}` });
}

function givenKey({ headers }: Call): string | null {
  const header = headers["idempotency-key"];
  return typeof header === "string" ? header : null;
}

/**
 * The key that was given; for a script that gave none, one of this request: it may be done twice while the database is away, and must start one run.
 * Else null.
 */
function idempotencyKey(call: Call): string | Problem | null {
  const given = givenKey(call);
  if (given === null) {
    const { script } = call.caller;
    return script === null ? null : `attempt:${script.ref.key}.${script.ref.attempt}:${call.uniqueId}`;
  }
  if (/^[\x21-\x7e]{1,255}$/.test(given)) return given;
  return problem(
    "INVALID_REQUEST",
    "The Idempotency-Key may hold visible ASCII characters only, 1 to 255 of them. Use a UUID.",
    { path: "Idempotency-Key" },
  );
}

/** Whether the run that the key started before is none that the caller may read: a token is not told which it is, nor what it was made of. */
async function isHidden(result: Made, { caller }: Call, store: Store): Promise<boolean> {
  const earlier = result.reason === "refused" ? result.problem.details?.runId : result.run.id;
  return typeof earlier === "string" && (await checkScope("read", caller, earlier, store)) !== null;
}

function keyOfAnother(): Problem {
  return problem(
    "IDEMPOTENCY_CONFLICT",
    "This Idempotency-Key started a run before that this script's token may not read. Use a new key, or the server's key to get that run.",
  );
}

/** Who asks is no part of it: the same request of somebody else is a repeat. (The name without a value is part of all keys that are stored.) */
function hashOf(asked: Readonly<Record<string, Json>>): string {
  return createHash("sha256")
    .update(canonicalJson({ ...asked, parentRunId: null }))
    .digest("hex");
}
