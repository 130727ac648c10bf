import type { Request, Response } from "express";
import { problem } from "@maxq/core";
import { sendProblem } from "../answer/send.js";

/** Answers 405, with the methods that the path does take. */
export function refuseOtherMethods(
  allowed: readonly string[],
): (request: Request, response: Response) => void {
  const allow = allowed.join(", ");
  return (request, response) => {
    const message = `${request.method} is not allowed here; this path takes ${allow}. Use one of them.`;
    sendProblem(response, problem("METHOD_NOT_ALLOWED", message, { allow }), { Allow: allow });
  };
}
