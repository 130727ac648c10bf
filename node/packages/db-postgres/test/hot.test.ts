import { DatabaseUnavailable, StatementFailed } from "@maxq/db";
import { until } from "@maxq/test-kit";
import { expect } from "chai";
import { failure, Scratch } from "./scratch.js";

const statements = {
  "hot.add": "select :a::bigint + :b::bigint as sum, :a::bigint as a",
  "hot.settings": `select current_setting('enable_seqscan') as seqscan, current_setting('enable_hashjoin') as hashjoin, current_setting('enable_mergejoin') as mergejoin,
    current_setting('plan_cache_mode') as plans, current_setting('jit') as jit, pg_backend_pid() as pid`,
  "hot.prepared": "select name from pg_prepared_statements where name like 'hot.add%'",
  "hot.echo": `select json_build_array(:text::text, :texts::text[], :numbers::bigint[], :number::int, :flag::boolean, :nothing::int)::text as answer`,
  "hot.silent": "select null::text as answer",
  "hot.broken": "select 1 / :zero::int",
};

describe("the hot connection", () => {
  let scratch: Scratch;
  beforeEach(async () => {
    scratch = await Scratch.create();
  });
  afterEach(() => scratch.drop());

  it("is planned for lookups by index, with generic plans", async () => {
    const { hot } = await scratch.open(statements);
    const [settings] = await hot.all<Record<string, unknown>>("hot.settings");
    expect(settings).to.include({
      seqscan: "off",
      hashjoin: "off",
      mergejoin: "off",
      plans: "force_generic_plan",
      jit: "off",
    });
  });

  it("runs the same files, as named prepared statements, on one connection", async () => {
    const { hot } = await scratch.open(statements);
    expect(await hot.all("hot.add", { b: 2, a: 1, more: "dropped" })).to.deep.equal([{ sum: 3, a: 1 }]);
    expect(await hot.query("hot.own", "select $1::int as n", [7])).to.deep.equal([{ n: 7 }]);
    expect(await hot.all("hot.prepared")).to.have.length(1);
  });

  it("asks for a text as it does for rows, the first time and later", async () => {
    const { hot } = await scratch.open(statements);
    const texts = ["plain", "", "null", 'quoted " and \\ and {a,b}', "ä€😀", " "];
    const given = { text: 'x"\\', texts, numbers: [1, -2, 2 ** 40], number: 7, flag: true, nothing: null };
    for (const time of ["first", "second"]) {
      const answer = await hot.answer("hot.echo", given);
      expect(JSON.parse(answer!), time).to.deep.equal(['x"\\', texts, [1, -2, 2 ** 40], 7, true, null]);
      expect(await hot.answer("hot.silent", {}), time).to.equal(null);
    }
    expect(await hot.answer("hot.echo", { ...given, texts: [], numbers: [] })).to.include("[], []");
  });

  it("survives a question that fails, again and again", async () => {
    const { hot } = await scratch.open({ ...statements, "hot.broken": "select (1 / :zero::int)::text" });
    expect(await hot.answer("hot.broken", { zero: 1 })).to.equal("1");
    for (const zero of [0, 0])
      expect(await failure(hot.answer("hot.broken", { zero }))).to.be.instanceOf(StatementFailed);
    expect(await hot.answer("hot.broken", { zero: -1 })).to.equal("-1");
  });

  it("asks anew after it was lost", async () => {
    const { hot } = await scratch.open(statements);
    await hot.answer("hot.silent", {});
    await scratch.terminate();
    await until("it is back", () => hot.all("hot.add", { a: 1, b: 1 }).catch(() => null));
    expect(await hot.answer("hot.silent", {})).to.equal(null);
  });

  it("runs one statement after the other", async () => {
    const { hot } = await scratch.open(statements);
    const sums = await Promise.all([1, 2, 3].map((a) => hot.all<{ sum: number }>("hot.add", { a, b: a })));
    expect(sums.map(([row]) => row?.sum)).to.deep.equal([2, 4, 6]);
  });

  it("survives a statement that fails", async () => {
    const { hot } = await scratch.open(statements);
    const [before] = await hot.all<{ pid: number }>("hot.settings");
    expect(await failure(hot.all("hot.broken", { zero: 0 }))).to.be.instanceOf(StatementFailed);
    expect((await hot.all<{ pid: number }>("hot.settings"))[0]?.pid).to.equal(before?.pid);
  });

  it("makes itself anew after it was lost, with its settings", async () => {
    const { hot } = await scratch.open(statements);
    await hot.all("hot.add", { a: 1, b: 1 });
    await scratch.terminate();
    const [settings] = await until("it is back", () => hot.all("hot.settings").catch(() => null));
    expect(settings).to.include({ seqscan: "off" });
    expect(await hot.all("hot.add", { a: 1, b: 1 })).to.deep.equal([{ sum: 2, a: 1 }]);
  });

  it("is unavailable once closed, by the hot connection too", async () => {
    const driver = await scratch.open(statements);
    await driver.close();
    expect(await failure(driver.hot.all("hot.settings"))).to.be.instanceOf(DatabaseUnavailable);
  });
});
