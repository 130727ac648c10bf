import type { BenchCase, Row } from "../case.js";
import { betweenRunsMs, bigRunId, firstRunAt, historyStatements, runId } from "../seed/history.js";
import { percentile } from "../statistics.js";

/** Requests of each kind in a round. */
const REQUESTS = 30;

const lists: BenchCase = {
  name: "lists",
  order: "k",
  title: "Reading among a million runs",
  measures: `1,000,000 finished runs of a year in the database, and one of 10,000 steps; each request ${REQUESTS} times a round over HTTP, one after the other. The figure of a round is the time under
which 95 of 100 answers stay. "Deep" is the page behind a cursor in the middle of the list.`,

  async run(context) {
    const runs = context.size(1_000_000, 300);
    const bigRunSteps = context.size(10_000, 100);
    const database = await context.createDatabase({ own: true });
    for (const sql of historyStatements(context.kind, { runs, waitingRuns: 0, bigRunSteps }))
      await database.query(sql);
    const { api } = await context.startServer(database);
    const middle = Math.ceil(runs / 2);
    const cursorBehind = async (path: string): Promise<string> =>
      ((await api.get(path)) as ListAnswer).pagination.nextCursor;
    const deep = await cursorBehind(`/runs?limit=1&createdBefore=${firstRunAt + middle * betweenRunsMs}`);
    const behindStep = await cursorBehind(`/runs/${bigRunId}/steps?limit=10&offset=${bigRunSteps / 2}`);
    const paths: Record<string, string> = {
      "newest runs": "/runs?",
      "newest runs, deep": `/runs?cursor=${deep}`,
      "of a flow": "/runs?flowName=flow-3",
      "of a flow, deep": `/runs?flowName=flow-3&cursor=${deep}`,
      "failed or aborted, deep": `/runs?status=failed,aborted&cursor=${deep}`,
      "pending or running: none": "/runs?status=pending,running",
      "of a flow, failed": "/runs?flowName=flow-3&status=failed",
      "by metadata: one of a hundred": "/runs?metadata.team=team-7",
      "by metadata: one of all": `/runs?metadata.ticket=T-${middle}`,
      "by metadata: half of all, failed": "/runs?metadata.stage=live&status=failed",
      "by two values of metadata": "/runs?metadata.stage=live&metadata.team=team-8",
      "made before a time, long ago": `/runs?createdBefore=${firstRunAt + Math.ceil(runs / 10) * betweenRunsMs}`,
      "by start": "/runs?sortBy=startedAt",
      "by start, by metadata: half of all": "/runs?sortBy=startedAt&metadata.stage=live",
      "completed, by two values of metadata":
        "/runs?status=completed&metadata.stage=live&metadata.team=team-8",
      "one run": `/runs/${runId(middle)}`,
      "one run of 10,000 steps": `/runs/${bigRunId}`,
      "its steps": `/runs/${bigRunId}/steps?`,
      "its steps, deep": `/runs/${bigRunId}/steps?cursor=${behindStep}`,
      "its failed steps": `/runs/${bigRunId}/steps?status=failed`,
    };
    const works = Object.entries(paths).map(([what, path]) => [
      what,
      async () => {
        const times: number[] = [];
        for (let request = 0; request < context.size(REQUESTS, 2); request++) {
          const begin = performance.now();
          await api.get(path);
          times.push(performance.now() - begin);
        }
        return percentile(times, 95);
      },
    ]);
    const rounds = await context.interleave(
      Object.fromEntries(works) as Record<string, () => Promise<number>>,
    );
    return Object.entries(rounds).map(([what, measured]): Row => ({
      what: `${what}, p95`,
      unit: "ms",
      digits: 1,
      measured,
      must: { atMost: 20 },
      aim: { atMost: 5 },
    }));
  },
};

interface ListAnswer {
  readonly pagination: { readonly nextCursor: string };
}

export default lists;
