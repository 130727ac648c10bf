/** Lists page by page, sorted and filtered, and runs that are started once whoever asks how often. */
import { expect } from "chai";
import { onEachDatabase } from "../system/databases.js";

onEachDatabase("lists", {}, (system) => {
  const ids = (body: { data: { id: string }[] }) => body.data.map(({ id }) => id);
  before(() => void system.flows.stage("idle", { stage: "s", steps: [], final: true }));

  it("a cursor stays right while rows are added and taken away", async () => {
    const { api } = system.server;
    const made: string[] = [];
    for (let n = 0; n < 12; n++)
      made.push((await api.post("/runs", { flowName: "idle", metadata: { list: "a" } })).body.id);
    for (const id of made) await api.ended(id);
    for (const order of ["asc", "desc"] as const) {
      const expected = order === "asc" ? [...made] : [...made].reverse();
      const seen: string[] = [];
      const later: string[] = [];
      for (let cursor = ""; ;) {
        const { status, body } = await api.get(`/runs?metadata.list=a&limit=5&sortOrder=${order}${cursor}`);
        expect(status).to.equal(200);
        seen.push(...ids(body));
        if (body.pagination.nextCursor === null) break;
        cursor = `&cursor=${encodeURIComponent(body.pagination.nextCursor as string)}`;
        // Newer ones, which an offset would be thrown off by.
        if (later.length < 4)
          for (let n = 0; n < 2; n++)
            later.push((await api.post("/runs", { flowName: "idle", metadata: { list: "a" } })).body.id);
      }
      expect(new Set(seen).size, "no row twice").to.equal(seen.length);
      expect(seen.filter((id) => made.includes(id))).to.deep.equal(
        expected.filter((id) => seen.includes(id)),
      );
      expect(seen).to.include.members(made);
      for (const id of later) {
        await api.ended(id);
        expect((await api.request("DELETE", `/runs/${id}`)).status).to.equal(200);
      }
    }
  });

  it("runs are filtered by flow, states, times, metadata and the run that started them, and sorted by each time", async () => {
    const { api } = system.server;
    system.flows.add("fails", "exit 3");
    system.flows.add(
      "starts",
      `[ -n "$MAXQ_COMPLETED_STAGE" ] || curl -fsS "$MAXQ_API/runs" -d '{"flowName":"idle"}' >&2`,
    );
    const failed = await api.runToEnd("fails");
    const parent = await api.runToEnd("starts");
    const started = await api.get(`/runs?parentRunId=${parent.id}`);
    expect(started.body.data.map(({ parentRunId }: { parentRunId: string }) => parentRunId)).to.deep.equal([
      parent.id,
    ]);
    expect(ids((await api.get("/runs?flowName=fails")).body)).to.deep.equal([failed.id]);
    expect(ids((await api.get("/runs?status=failed,aborted")).body)).to.deep.equal([failed.id]);
    const since = await api.get(`/runs?createdAfter=${parent.createdAt - 1}&limit=100`);
    expect(ids(since.body)).to.include(parent.id).and.not.include(failed.id);
    expect(ids((await api.get(`/runs?createdBefore=${failed.createdAt}&limit=100`)).body)).not.to.include(
      failed.id,
    );
    for (const sortBy of ["createdAt", "startedAt", "completedAt"])
      for (const sortOrder of ["asc", "desc"]) {
        const { body } = await api.get(`/runs?limit=100&sortBy=${sortBy}&sortOrder=${sortOrder}`);
        const times = body.data.map((run: Record<string, number>) => run[sortBy]);
        const sorted = [...times].sort((a: number, b: number) => (sortOrder === "asc" ? a - b : b - a));
        expect(times, `${sortBy} ${sortOrder}`).to.deep.equal(sorted);
      }
  });

  it("steps are filtered by stage, state and name, in the order in which they were scheduled", async () => {
    const { api } = system.server;
    const steps = [
      { name: "a", instances: 12 },
      { id: "b1", name: "b", dependsOn: ["a"] },
    ];
    const run = await api.runToEnd(
      system.flows.stage("many", { stage: "s", steps, final: true }, { a: ":", b: "exit 1" }),
    );
    const of = async (query: string) => (await api.get(`/runs/${run.id}/steps?${query}`)).body;
    expect(ids(await of("name=a"))).to.deep.equal(Array.from({ length: 12 }, (_, n) => `s.a.${n}`));
    expect(ids(await of("status=failed,cancelled"))).to.deep.equal(["b1"]);
    expect(ids(await of("stage=s&limit=2&offset=11"))).to.deep.equal(["s.a.11", "b1"]);
    expect(ids(await of("stage=nothing"))).to.deep.equal([]);
    expect((await of("name=a&limit=5")).pagination).to.include({ total: 12, limit: 5, offset: 0 });
    const logs = await api.get(`/runs/${run.id}/logs?level=error`);
    expect(logs.body.count).to.equal(logs.body.logs.length);
  });

  it("one Idempotency-Key starts one run: again it is 200 and that run, with another body 409, at once one of many", async () => {
    const { api } = system.server;
    const post = (key: string, body: object, path = "/runs") =>
      api.post(path, body, { "idempotency-key": key });
    const first = await post("key-1", { flowName: "idle", input: { a: 1, b: [2] } });
    const again = await post("key-1", { flowName: "idle", input: { b: [2], a: 1 } });
    const elsewhere = await post("key-1", { input: { a: 1, b: [2] } }, "/flows/idle/runs");
    expect([first.status, again.status, elsewhere.status]).to.deep.equal([201, 200, 200]);
    expect([again.body.id, elsewhere.body.id]).to.deep.equal([first.body.id, first.body.id]);
    for (const body of [{ flowName: "idle" }, { flowName: "idle", input: { a: 1, b: [2] }, priority: 1 }]) {
      const other = await post("key-1", body);
      expect([other.status, other.body.code]).to.deep.equal([409, "IDEMPOTENCY_CONFLICT"]);
    }
    const before = (await api.get("/runs?flowName=idle")).body.pagination.total as number;
    const many = await Promise.all(Array.from({ length: 20 }, () => post("key-2", { flowName: "idle" })));
    expect(many.filter(({ status }) => status === 201)).to.have.length(1);
    expect(many.filter(({ status }) => status === 200)).to.have.length(19);
    expect(new Set(many.map(({ body }) => body.id as string)).size).to.equal(1);
    const mixed = await Promise.all(
      Array.from({ length: 10 }, (_, n) => post("key-3", { flowName: "idle", input: n })),
    );
    expect(mixed.map(({ status }) => status).sort()).to.deep.equal([201, ...Array<number>(9).fill(409)]);
    expect((await api.get("/runs?flowName=idle")).body.pagination.total).to.equal(before + 2);
  });
});
