import { problem } from "@maxq/core";
import { refuse } from "../../answer/answer.js";
import { route } from "../route.js";

export const metrics = route({
  method: "get",
  path: "/metrics",
  operationId: "metrics",
  summary: "What this process and its database measure, as Prometheus reads it",
  tag: "server",
  scope: "server",
  alsoAtRoot: true,
  quiet: true,
  answers: { 200: "text/plain" },
  handle: async (_call, { metrics: text = null }) => {
    if (text === null)
      return refuse(problem("NOT_FOUND", "There are no metrics here. Ask the address of the server."));
    const body = await text.read();
    return {
      reason: "stream",
      contentType: text.contentType,
      write: async (writer) => {
        await writer.write(body);
        return "whole";
      },
    };
  },
});
