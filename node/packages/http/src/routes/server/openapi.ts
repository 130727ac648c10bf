import * as z from "zod";
import { answer } from "../../answer/answer.js";
import { route } from "../route.js";

export const openapiDocument = route({
  method: "get",
  path: "/openapi.json",
  operationId: "openapiDocument",
  summary: "This document",
  tag: "server",
  scope: "public",
  answers: { 200: z.record(z.string(), z.unknown()).meta({ id: "OpenApiDocument" }) },
  handle: (_call, { openapi }) => Promise.resolve(answer(200, openapi())),
});
