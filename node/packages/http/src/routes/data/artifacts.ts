import {
  artifactBodySchema,
  artifactListSchema,
  artifactNamePattern,
  artifactSchema,
  jsonBytes,
  listArtifactsQuerySchema,
  overLimit,
  problem,
} from "@maxq/core";
import type { Store } from "@maxq/db";
import * as z from "zod";
import { answer, refuse, refusedByStore, type RefusedAnswer } from "../../answer/answer.js";
import { answerPage, pageOf } from "../page.js";
import { route } from "../route.js";
import { noSuchRun } from "../runs/not-found.js";

const deletedArtifactSchema = z
  .object({ name: z.string(), runId: z.string(), message: z.string() })
  .meta({ id: "DeletedArtifact" });

export const putArtifact = route({
  method: "post",
  path: "/runs/{runId}/artifacts",
  operationId: "putArtifact",
  summary: "Store a JSON document under a name, or replace the one that has it",
  tag: "data",
  scope: "write",
  body: artifactBodySchema,
  answers: { 200: artifactSchema, 201: artifactSchema },
  locations: [200, 201],
  handle: async ({ params: { runId }, body: { name, data }, fence }, { store, limits }) => {
    const bytes = jsonBytes(data);
    if (bytes > limits.artifactBytes)
      return refuse(overLimit(limits, "artifactBytes", "The artifact", bytes, "data"));
    const result = await store.putArtifact(runId, name, data, fence);
    if (result.reason === "refused") return refusedByStore(result);
    return answer(result.reason === "created" ? 201 : 200, result.artifact, {
      Location: `/api/v1/runs/${runId}/artifacts/${name}`,
    });
  },
});

export const listArtifacts = route({
  method: "get",
  path: "/runs/{runId}/artifacts",
  operationId: "listArtifacts",
  summary: "List a run's artifacts by name, without their data",
  tag: "data",
  scope: "read",
  query: listArtifactsQuerySchema,
  answers: { 200: artifactListSchema },
  handle: async ({ params: { runId }, query }, { store }) => {
    const page = await store.listArtifacts(runId, pageOf(query));
    if (page.data.length === 0 && (await store.getRun(runId)) === null) return noSuchRun(runId);
    return answerPage(page, query);
  },
});

export const getArtifact = route({
  method: "get",
  path: "/runs/{runId}/artifacts/{artifactName}",
  operationId: "getArtifact",
  summary: "An artifact with its data",
  tag: "data",
  scope: "read",
  answers: { 200: artifactSchema },
  handle: async ({ params: { runId, artifactName } }, { store }) => {
    const found = artifactNamePattern.test(artifactName)
      ? await store.getArtifact(runId, artifactName)
      : null;
    return found === null ? noSuchArtifact(runId, artifactName, store) : answer(200, found);
  },
});

export const deleteArtifact = route({
  method: "delete",
  path: "/runs/{runId}/artifacts/{artifactName}",
  operationId: "deleteArtifact",
  summary: "Delete an artifact",
  tag: "data",
  scope: "write",
  answers: { 200: deletedArtifactSchema },
  handle: async ({ params: { runId, artifactName: name }, fence }, { store }) => {
    if (!artifactNamePattern.test(name)) return noSuchArtifact(runId, name, store);
    const result = await store.deleteArtifact(runId, name, fence);
    if (result.reason === "refused") return refusedByStore(result);
    return answer(200, { name, runId, message: "The artifact was deleted." });
  },
});

async function noSuchArtifact(runId: string, name: string, store: Store): Promise<RefusedAnswer> {
  if ((await store.getRun(runId)) === null) return noSuchRun(runId);
  const shown = JSON.stringify(name.slice(0, 255));
  return refuse(
    problem(
      "ARTIFACT_NOT_FOUND",
      `Run ${runId} has no artifact ${shown}. \`GET /runs/${runId}/artifacts\` lists them.`,
    ),
  );
}
