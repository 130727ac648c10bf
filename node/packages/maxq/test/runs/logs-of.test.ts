import type { Client } from "@maxq/client";
import type { RunLog } from "@maxq/core";
import { expect } from "chai";
import { logsOf } from "../../src/runs/run-logs.js";

/** A server that gives so many lines, the newest first, and only what it has a cursor for; another line comes with each question. */
function aClient(lines: number, asked: object[]): Client {
  let newest = lines;
  const logs = (_run: string, query: { limit: number; cursor?: string }) => {
    asked.push(query);
    const from = query.cursor === undefined ? newest : Number(query.cursor);
    newest++;
    const count = Math.min(query.limit, from);
    const page = Array.from({ length: count }, (_, n) => ({ id: from - n }));
    const nextCursor = from > count ? String(from - count) : null;
    return Promise.resolve({ reason: "ok", value: { logs: page, count, nextCursor } });
  };
  return { data: { logs } } as unknown as Client;
}

describe("the whole log of a run", () => {
  it("is read page after page, oldest first, while lines come", async () => {
    const asked: object[] = [];
    const ids = (await logsOf(aClient(2_500, asked), "r")).map(({ id }: RunLog) => id);
    expect(ids).to.deep.equal(Array.from({ length: 2_500 }, (_, n) => n + 1));
    expect(asked).to.deep.equal([
      { limit: 1000 },
      { limit: 1000, cursor: "1500" },
      { limit: 1000, cursor: "500" },
    ]);
  });
});
