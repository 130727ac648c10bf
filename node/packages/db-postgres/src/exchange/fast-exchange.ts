import { StatementFailed, type ExchangeRequest, type FastExchange, type Params, type WakeUp } from "@maxq/db";
import type { PostgresDriver } from "../driver/driver.js";
import { readAnswer, type FastAnswer, type Floor } from "./answer.js";
import { acceptsCall } from "./call.js";
import { claim } from "./claim.js";
import type { StageOffers } from "../stage/offers.js";
import { finishedCall } from "./finish-call.js";
import { finishedStage } from "./finish-stage.js";
import { finishedStep } from "./finish-step.js";
import { parameters } from "./parameters.js";

type Outcome = ExchangeRequest["outcomes"][number];

/** How long a floor is believed, in ms: what commits below it is found then at the latest, by workers that never run short of work. */
const FLOOR_MS = 100;

/** Claims, and what ends well, in one statement, on the connection that is planned for it. */
export function createFastExchange(driver: PostgresDriver, offers: StageOffers): FastExchange {
  let floor: (Floor & { readonly until: number }) | null = null;
  const exchange = async (request: ExchangeRequest): ReturnType<FastExchange> => {
    const now = performance.now();
    if (floor !== null && floor.until < now) floor = null;
    const answer = await ask(driver, request, floor, offers);
    if (answer.floor !== null)
      floor = { ...answer.floor, until: floor === null ? now + FLOOR_MS : floor.until };
    tell(driver, request, answer);
    const left = new Set(answer.left);
    return {
      answer,
      left: request.outcomes.filter((outcome) => left.has(outcome.key)),
      passed: answer.passed,
    };
  };
  return Object.assign(exchange, { accepts });
}

/** A claim takes the stage with it that is offered at this moment. What is wrong with a stage is not the worker's concern: then it claims without. */
async function ask(
  driver: PostgresDriver,
  request: ExchangeRequest,
  floor: Floor | null,
  offers: StageOffers,
): Promise<FastAnswer> {
  const [statement, params] = statementFor(request, floor);
  const offer = statement === "exchange.claim" ? offers.take(request.freeSteps) : null;
  if (offer === null) return readAnswer((await driver.hot.answer(statement, params))!);
  const { workerKey, round } = request;
  try {
    const begin = { workerKey, round, ...offer.params };
    const answer = readAnswer((await driver.hot.answer("exchange.begin_stage", begin))!);
    offer.settle(answer.stored);
    return answer;
  } catch (error) {
    if (!(error instanceof StatementFailed)) {
      offer.fail(error);
      throw error;
    }
    offer.settle(false);
    return ask(driver, request, floor, offers);
  }
}

/** The leanest function that may do for a request, with what it takes. */
function statementFor(request: ExchangeRequest, floor: Floor | null): [statement: string, params: Params] {
  const step = finishedStep(request);
  if (step !== null) return ["exchange.finish_step", step];
  const call = finishedCall(request);
  if (call !== null) return ["exchange.finish_call", call];
  const stage = finishedStage(request);
  if (stage !== null) return ["exchange.finish_stage", stage];
  const claims = claim(request, floor);
  if (claims !== null) return ["exchange.claim", claims];
  return ["exchange.exchange", parameters(request, floor)];
}

/** What ended well and left nothing for the log. Whether it ends a stage that needs more than that, the statement finds out. */
function accepts(outcome: Outcome): boolean {
  if (outcome.result !== "success" || outcome.warnings.length > 0) return false;
  return outcome.kind === "flow" ? acceptsCall(outcome) : outcome.stageKey !== null;
}

/** This process is told of runs that changed, others of those whose stages or whose own state did, and of work that this worker did not take, if there are any. */
function tell(driver: PostgresDriver, { outcomes }: ExchangeRequest, answer: FastAnswer): void {
  const ofRun = (runId: string): WakeUp => ({ reason: "run", runId });
  const changed = new Set([...outcomes, ...answer.claimed].map(({ runId }) => runId));
  driver.tellHere([...changed].map(ofRun));
  if (answer.told.length > 0) driver.tellOthers([...new Set(answer.told)].map(ofRun));
  if (answer.more) driver.tellOthers([{ reason: "work" }]);
}
