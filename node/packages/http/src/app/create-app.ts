import { setMaxListeners } from "node:events";
import express, {
  type ErrorRequestHandler,
  type Express,
  type Request,
  type RequestHandler,
  type Response,
} from "express";
import { problem } from "@maxq/core";
import { sendThrown } from "../answer/respond.js";
import { errorBody, sendJson, sendProblem } from "../answer/send.js";
import { createOpenApi } from "../openapi/document.js";
import { docsPage } from "../openapi/page.js";
import { checkExpectation } from "../request/expectation.js";
import { checkHeaderCount } from "../request/header-count.js";
import { logWhenAnswered } from "../request/log.js";
import { measureWhenAnswered } from "../request/measure.js";
import { bodyReader } from "../request/raw-body.js";
import { beginRequest, requestStateOf } from "../request/state.js";
import { allRoutes } from "../routes/all.js";
import { flowTitles } from "../routes/runs/flow-title.js";
import { flowsOfRuns } from "../routes/steps/flow-of-run.js";
import { createRunChanges } from "../wait/run-changes.js";
import { admitted } from "./admit.js";
import { setHeaders } from "./headers.js";
import { noInstruments } from "./instruments.js";
import { mountRoutes } from "./mount.js";
import type { AppOptions, Services } from "./services.js";

/** The API as an express app, and how to end what waits in it. */
export interface App {
  readonly express: Express;
  /** Ends streams and long polls at once; requests that come later still are answered. */
  readonly endWaits: () => void;
  readonly logger: AppOptions["logger"];
}

/** Composes the app: every route below `/api/v1`, errors in one shape. Starts nothing and owns nothing. */
export function createApp(options: AppOptions): App {
  const closing = new AbortController();
  // Every request under way listens; Node would take eleven for a leak, and say so.
  setMaxListeners(0, closing.signal);
  let document: object | null = null;
  const services: Services = {
    ...options,
    instruments: options.instruments ?? noInstruments,
    changes: createRunChanges(options.store),
    flowTitle: flowTitles(options.flows),
    flowOfRun: flowsOfRuns(options.store),
    openapi: () => (document ??= createOpenApi(allRoutes, options.version)),
    closing: closing.signal,
  };
  const readBody = bodyReader(options.limits.bodyBytes);

  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");
  app.set("query parser", false);
  app.set("case sensitive routing", true);
  app.use(begin(services));
  const routes = options.routes ?? allRoutes;
  app.use("/api/v1", mountRoutes(routes, services, readBody));
  if (routes === allRoutes) app.use("/api/v1", docsPage());
  app.use(
    mountRoutes(
      routes.filter((route) => route.alsoAtRoot),
      services,
      readBody,
    ),
  );
  app.use(admitted(services, notFound));
  app.use(failed(services));
  return { express: app, endWaits: () => closing.abort(), logger: options.logger };
}

function begin({ logger, instruments }: Services): RequestHandler {
  return (request, response, next) => {
    const state = beginRequest(request, response);
    setHeaders(response, state.id);
    logWhenAnswered(logger, request, response, state);
    measureWhenAnswered(instruments, request, response, state);
    const tooMany = checkHeaderCount(request);
    const expectation = checkExpectation(request);
    if (tooMany !== null) sendJson(response, 431, errorBody(tooMany, state.id), { Connection: "close" });
    else if (expectation !== null)
      sendJson(response, 417, errorBody(expectation, state.id), { Connection: "close" });
    else next();
  };
}

function notFound(request: Request, response: Response): void {
  const path = requestStateOf(response).loggedUrl.replace(/\?.*$/s, "").slice(0, 200);
  sendProblem(
    response,
    problem(
      "NOT_FOUND",
      `There is no ${request.method} ${path}. The API is below /api/v1; /api/v1/openapi.json lists it.`,
    ),
  );
}

/** Express knows an error handler by its four parameters. */
function failed(services: Services): ErrorRequestHandler {
  return (thrown, _request, response, next) => {
    if (response.headersSent) next(thrown);
    else sendThrown(response, thrown, services);
  };
}
