import type { RequestListener } from "node:http";
import { problem } from "@maxq/core";
import { sendProblem } from "../answer/send.js";
import { setHeaders } from "../app/headers.js";
import { beginRequest } from "../request/state.js";

/** Answers any request while there is no app yet, in the shape of all errors. */
export const answerStarting: RequestListener = (request, response) => {
  setHeaders(response, beginRequest(request, response).id);
  sendProblem(response, problem("UNAVAILABLE", "The server is starting. Try again in a moment."));
};
