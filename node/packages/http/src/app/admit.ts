import type { Request, RequestHandler, Response } from "express";
import { isProblem } from "../access/caller.js";
import { sendProblem } from "../answer/send.js";
import { requestStateOf } from "../request/state.js";
import type { Services } from "./services.js";

/** Answers where no route does, once it is known that the request may be made at all: to whom nothing is open, nothing is said of what there is. */
export function admitted(
  { access }: Pick<Services, "access">,
  answer: (request: Request, response: Response) => void,
): RequestHandler {
  return async (request, response) => {
    const found = await access.identify(request, requestStateOf(response).pathToken);
    if (isProblem(found)) sendProblem(response, found);
    else answer(request, response);
  };
}
