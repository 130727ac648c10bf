import type { Artifact, Json } from "@maxq/core";
import { problem } from "@maxq/core";
import type { Driver, Statements, Tx } from "../../driver.js";
import type { DataStore } from "../../store/data.js";
import type { AttemptRef, Page, PageRequest, Refused } from "../../store/refs.js";
import { readPage } from "../read/page.js";
import { attemptOver, refused, runNotFound } from "../refusal.js";
import { mayWrite } from "./caller.js";

type Info = Omit<Artifact, "data">;
type InfoRow = Omit<Info, "runId">;

/** Stores a document of a run, or replaces it and counts the version. */
export function putArtifact(
  driver: Driver,
  ...[runId, name, data, caller]: Parameters<DataStore["putArtifact"]>
): ReturnType<DataStore["putArtifact"]> {
  return driver.transaction(async (tx) => {
    const refusal = await holdRun(tx, runId, caller);
    if (refusal !== null) return refusal;
    const text = JSON.stringify(data);
    const bytes = Buffer.byteLength(text);
    const [row] = await tx.all<Pick<Artifact, "version" | "createdAt" | "updatedAt">>("data.put_artifact", {
      runId,
      name,
      data: text,
      bytes,
    });
    const artifact: Artifact = { name, runId, data, bytes, ...row! };
    return { reason: artifact.version === 1 ? "created" : "replaced", artifact };
  });
}

/** Null if the run has no artifact of that name. */
export async function getArtifact(
  statements: Statements,
  runId: string,
  name: string,
): Promise<Artifact | null> {
  const [row] = await statements.all<InfoRow & { data: string }>("data.artifact", { runId, name });
  return row === undefined ? null : { ...row, runId, data: JSON.parse(row.data) as Json };
}

/** Without their data, by name. */
export function listArtifacts(
  statements: Statements,
  runId: string,
  request: PageRequest,
): Promise<Page<Info>> {
  return readPage<InfoRow, Info>(request, {
    name: `artifacts ${runId}`,
    rows: ({ after, limit, offset }) =>
      statements.all("data.artifact_page", { runId, afterName: after?.value ?? null, limit, offset }),
    count: async (bound) => {
      const [row] = await statements.all<{ count: number }>("data.artifact_count", { runId, bound });
      return row?.count ?? 0;
    },
    cursorOf: (row) => ({ value: row.name, id: "" }),
    fits: (cursor) => typeof cursor.value === "string",
    load: (rows) => rows.map((row) => ({ ...row, runId })),
  });
}

/** Deletes an artifact; a later one of that name begins with version 1. */
export function deleteArtifact(
  driver: Driver,
  runId: string,
  name: string,
  caller: AttemptRef | null,
): Promise<{ readonly reason: "deleted" } | Refused> {
  return driver.transaction(async (tx) => {
    const refusal = await holdRun(tx, runId, caller);
    if (refusal !== null) return refusal;
    if ((await tx.run("data.delete_artifact", { runId, name })) === 1) return { reason: "deleted" };
    return refused(
      problem(
        "ARTIFACT_NOT_FOUND",
        `run ${runId} has no artifact ${name}; GET /runs/${runId}/artifacts lists them`,
        { runId, name },
      ),
    );
  });
}

async function holdRun(tx: Tx, runId: string, caller: AttemptRef | null): Promise<Refused | null> {
  if ((await tx.all("data.hold_run", { runId })).length === 0) return runNotFound(runId);
  return (await mayWrite(tx, runId, caller)) ? null : attemptOver();
}
