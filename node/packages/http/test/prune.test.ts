import { expect } from "chai";
import { forEachDatabase } from "@maxq/test-kit";
import { aServer, type TestServer } from "./server.js";

describe("pruning", () => {
  forEachDatabase((openStore) => {
    let server: TestServer;
    before(async () => (server = await aServer(await openStore())));
    after(() => server.close());

    /** Runs that are over, oldest first. */
    async function someRuns(count: number): Promise<string[]> {
      const ids: string[] = [];
      for (let n = 0; n < count; n++) {
        ids.push(await server.aRun());
        await server.complete(await server.claim(ids[n]!));
      }
      return ids;
    }

    /** Asks until the cursor is null, and adds up. */
    async function prune(body: object): Promise<{ runs: number; bytes: number | null }> {
      const sums = { runs: 0, bytes: null as number | null };
      for (let cursor: string | null = null; ;) {
        const { status, json } = await server.post("/prune", cursor === null ? body : { ...body, cursor });
        expect(status).to.equal(200);
        sums.runs += json.runs as number;
        if (json.bytes !== null) sums.bytes = (sums.bytes ?? 0) + (json.bytes as number);
        cursor = json.cursor as string | null;
        if (cursor === null) return sums;
      }
    }

    it("says what would go, then removes it, and nothing else", async () => {
      const ids = await someRuns(3);
      const open = await server.aRun();
      const would = await prune({ keep: 1, dryRun: true });
      expect(would.runs).to.equal(2);
      expect(would.bytes).to.be.greaterThan(2_000);
      expect(await prune({ keep: 1, flowName: "other" })).to.deep.equal({ runs: 0, bytes: null });
      expect(await prune({ olderThanMs: 3_600_000 })).to.include({ runs: 0 });
      expect(await prune({ keep: 1, flowName: "hello" })).to.deep.equal({ runs: 2, bytes: null });
      const { json } = await server.api("/runs");
      expect(json.data.map((run: { id: string }) => run.id)).to.have.members([ids[2], open]);
    });

    it("refuses to guess which runs, and what is no cursor of its own", async () => {
      for (const [body, message] of [
        [{}, /Retention is off/],
        [{ dryRun: true, flowName: "hello" }, /say which runs are to go/],
        [{ keep: 0, cursor: "bm9uZQ" }, /cursor is none/],
        [{ keep: -1 }, /keep/],
        [{ older: 1 }, /unknown key "older"/],
      ] as const) {
        const { status, json } = await server.post("/prune", body);
        expect(status).to.equal(400);
        expect(json.error).to.match(message);
      }
    });

    it("is not for scripts", async () => {
      const runId = await server.aRun();
      const { apiKey } = server.tokenOf(runId, await server.claim(runId));
      const headers = { Authorization: `Bearer ${apiKey}` };
      const { status, json } = await server.post("/prune", { keep: 0 }, headers);
      expect([status, json.code]).to.deep.equal([403, "FORBIDDEN"]);
    });
  });

  it("goes by the server's own retention where nothing is said", async () => {
    // A store that only tells what it was asked.
    const asked: unknown[] = [];
    const rules = { olderThanMs: null, keep: 5, flows: { hello: { olderThanMs: 1, keep: null } } };
    const store = new Proxy({} as never, {
      get: (_, method) =>
        method === "prune"
          ? (request: { rules: unknown }) => {
              asked.push(request.rules);
              return Promise.resolve({ runs: 0, steps: 0, bytes: null, next: null });
            }
          : () => Promise.resolve("a secret of the test"),
    });
    const server = await aServer(store, { retention: rules });
    await server.post("/prune", {});
    await server.post("/prune", { keep: 1 });
    await server.close();
    expect(asked).to.deep.equal([rules, { olderThanMs: null, keep: 1, flows: {} }]);
  });
});
