import { expect } from "chai";
import type { z } from "zod";
import {
  listFieldsQuerySchema,
  listLogsQuerySchema,
  listRunsQuerySchema,
  listStepsQuerySchema,
  problemFromZod,
  retryStepQuerySchema,
  splitMetadataFilters,
} from "@maxq/core";

function refusedPath(schema: z.ZodType, query: object): unknown {
  const read = schema.safeParse(query);
  if (read.success) throw new Error("was not refused");
  return problemFromZod(read.error, "INVALID_REQUEST").details?.path;
}

describe("queries of lists", () => {
  it("have a page size of their own", () => {
    expect(listRunsQuerySchema.parse({})).to.deep.equal({ limit: 50 });
    expect(listLogsQuerySchema.parse({})).to.deep.equal({ limit: 100 });
  });

  it("are read into numbers and lists", () => {
    const query = {
      flowName: "f",
      status: "running, failed",
      limit: "10",
      offset: "0",
      createdAfter: "1767225600000",
      sortBy: "startedAt",
      sortOrder: "asc",
    };
    expect(listRunsQuerySchema.parse(query)).to.deep.equal({
      ...query,
      status: ["running", "failed"],
      limit: 10,
      offset: 0,
      createdAfter: 1_767_225_600_000,
    });
    expect(listFieldsQuerySchema.parse({ stepId: "a,b," })).to.deep.equal({ stepId: ["a", "b"] });
    expect(retryStepQuerySchema.parse({ cascade: "true" })).to.deep.equal({ cascade: true });
  });

  it("take a time of any whole number that is exact, as is documented", () => {
    const time = String(Number.MAX_SAFE_INTEGER);
    expect(listRunsQuerySchema.parse({ createdBefore: time }).createdBefore).to.equal(Number(time));
    const over = listRunsQuerySchema.safeParse({ createdBefore: `${time.slice(0, -1)}2` });
    expect(problemFromZod(over.error!, "INVALID_REQUEST").message).to.contain(`at most ${time}`);
  });

  it("take a word that is given twice as one", () => {
    expect(listRunsQuerySchema.parse({ status: "failed,running, failed" }).status).to.deep.equal([
      "failed",
      "running",
    ]);
    expect(listFieldsQuerySchema.parse({ stepId: "a,b,a" }).stepId).to.deep.equal(["a", "b"]);
  });

  it("take numbers only in digits and within bounds", () => {
    for (const limit of ["abc", "", "-1", "1.5", "1e2", "0x10", " 1", "01", "0", "101", "9".repeat(30)])
      expect(refusedPath(listRunsQuerySchema, { limit })).to.equal("limit");
  });

  it("refuse repeated parameters, unknown ones and unknown words", () => {
    expect(refusedPath(listRunsQuerySchema, { limit: ["1", "2"] })).to.equal("limit");
    expect(refusedPath(listRunsQuerySchema, { limt: "1" })).to.equal("limt");
    expect(refusedPath(listRunsQuerySchema, { status: "running,done" })).to.equal("status");
    expect(refusedPath(listStepsQuerySchema, { status: "paused" })).to.equal("status");
    expect(refusedPath(listRunsQuerySchema, { sortBy: "name" })).to.equal("sortBy");
  });

  it("start at an offset or a cursor, not both", () => {
    expect(refusedPath(listRunsQuerySchema, { offset: "1", cursor: "x" })).to.equal("");
  });

  it("have filters on metadata taken out", () => {
    expect(
      splitMetadataFilters({ "metadata.team": "x", "metadata.a.b": "", limit: "1", "metadata.": "y" }),
    ).to.deep.equal({
      metadata: { team: "x", "a.b": "" },
      rest: { limit: "1", "metadata.": "y" },
    });
  });
});
