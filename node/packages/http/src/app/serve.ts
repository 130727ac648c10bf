import type { RequestHandler } from "express";
import { attemptKey, isRunId, isStepId, withoutTokens, type Problem } from "@maxq/core";
import { isProblem, type Caller, type ScriptCaller } from "../access/caller.js";
import { checkOrigin } from "../access/origin.js";
import { checkScope } from "../access/scope.js";
import { speakerOf } from "../access/speaker.js";
import { refuse, type Answer } from "../answer/answer.js";
import { sendAnswer, sendThrown } from "../answer/respond.js";
import type { ReadBody } from "../request/raw-body.js";
import { requestStateOf, type RequestState } from "../request/state.js";
import type { Call, Route } from "../routes/route.js";
import { clientSignal } from "../wait/client-signal.js";
import { untilAvailable } from "../wait/until-available.js";
import type { Exchange } from "./exchange.js";
import { readCall } from "./read-call.js";
import type { Services } from "./services.js";

/** How long a script's request waits for a database that is away. */
const patienceMs = 25_000;

/** Makes the express handler of a route: who is it, does it fit, may they, do it, answer. */
export function serve(route: Route, services: Services, readBody: ReadBody): RequestHandler {
  return async (request, response) => {
    const signal = clientSignal(response, services.closing);
    const exchange: Exchange = { route, services, readBody, request, response, signal };
    try {
      const caller = await identifyCaller(exchange);
      const result = isProblem(caller) ? refuse(caller) : await answerCaller(exchange, caller);
      await send(exchange, result);
    } catch (thrown) {
      sendThrown(response, thrown, services);
    }
  };
}

async function send({ route, services, request, response, signal }: Exchange, result: Answer): Promise<void> {
  if (result.reason === "json") noteMade(requestStateOf(response), result.headers.Location);
  const streams = result.reason === "stream" && route.streams !== undefined;
  if (!streams) return sendAnswer(request, response, result, signal, services.readerPatienceMs);
  requestStateOf(response).streams = true;
  const ended = services.instruments.reading(route.streams);
  try {
    await sendAnswer(request, response, result, signal, services.readerPatienceMs);
  } finally {
    ended();
  }
}

/** A run that the request has made is what it is about. */
function noteMade(state: RequestState, location: string | undefined): void {
  const made = /^\/api\/v1\/runs\/([^/]+)$/.exec(location ?? "")?.[1];
  if (made !== undefined) state.run = made;
}

async function identifyCaller({
  route,
  services,
  request,
  response,
  signal,
}: Exchange): Promise<Caller | Problem> {
  const state = requestStateOf(response);
  state.quiet = route.scope === "public" || route.quiet === true;
  state.route = route.path;
  const { runId, stepId } = request.params as Readonly<Record<string, string | undefined>>;
  if (runId !== undefined && isRunId(runId)) state.run = runId;
  if (stepId !== undefined && isStepId(stepId)) state.step = withoutTokens(stepId);
  const foreign = checkOrigin(request, services.access.otherOrigins);
  if (foreign !== null) return foreign;
  if (route.scope === "public") return { full: false, script: null };
  const found = await services.access.identify(request, state.pathToken);
  if (isProblem(found)) return found;
  const script = await untilAvailable(
    () => speakerOf(found.scripts, route.scope, state.run, services.store),
    patienceMs,
    signal,
  );
  if (script !== null) noteScript(state, script);
  return { full: found.full, script };
}

function noteScript(state: RequestState, { runId, ref }: ScriptCaller): void {
  state.byScript = true;
  state.run ??= runId;
  state.attemptKey = attemptKey(ref);
}

/** A script's request waits for a database that is away, rather than fail. What it does is harmless to do twice. */
async function answerCaller(exchange: Exchange, caller: Caller): Promise<Answer> {
  const read = await readCall(exchange, caller);
  const perform = async (): Promise<Answer> => {
    const result = read.reason === "refused" ? refuse(read.problem) : await performCall(exchange, read.value);
    await noteRefusal(exchange, caller, result);
    return result;
  };
  return caller.script === null ? perform() : untilAvailable(perform, patienceMs, exchange.signal);
}

async function performCall({ route, services }: Exchange, call: Call): Promise<Answer> {
  const outOfScope = await checkScope(route.scope, call.caller, call.params.runId ?? null, services.store);
  return outOfScope === null ? route.handle(call, services) : refuse(outOfScope);
}

/** What never reached the store is noted here: the flow call that asked fails unless something is accepted after it. */
async function noteRefusal({ route, services }: Exchange, { script }: Caller, result: Answer): Promise<void> {
  if (route.notesRefusals !== true || script === null || result.reason !== "refused" || result.noted) return;
  await services.store.noteRefusal(script.ref, result.problem);
}
