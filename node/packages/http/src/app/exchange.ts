import type { Request, Response } from "express";
import type { ReadBody } from "../request/raw-body.js";
import type { Route } from "../routes/route.js";
import type { Services } from "./services.js";

/** One request on its way through a route. */
export interface Exchange {
  readonly route: Route;
  readonly services: Services;
  readonly readBody: ReadBody;
  readonly request: Request;
  readonly response: Response;
  /** Aborted when the client has gone or the server closes. */
  readonly signal: AbortSignal;
}
