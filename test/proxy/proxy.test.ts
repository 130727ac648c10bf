/** What stands between MaxQ and PostgreSQL in tests breaks what it is asked to break, and nothing else. */
import { postgresDatabase, until, type TestDatabase } from "@maxq/test-kit";
import { expect } from "chai";
import pg from "pg";
import { startDatabaseProxy, type DatabaseProxy } from "./proxy.js";

describe("the proxy in front of PostgreSQL", () => {
  let database: TestDatabase;
  let proxy: DatabaseProxy;
  const clients: pg.Client[] = [];
  const connect = async (): Promise<pg.Client> => {
    const client = new pg.Client({ connectionString: proxy.url });
    client.on("error", () => undefined);
    clients.push(client);
    await client.connect();
    return client;
  };
  const failed = (work: Promise<unknown>): Promise<boolean> =>
    work.then(
      () => false,
      () => true,
    );
  before(async () => {
    database = await postgresDatabase();
    proxy = await startDatabaseProxy(database.environment["MAXQ_DATABASE_URL"]!);
    await database.query("create table cut_rows (n int)");
  });
  afterEach(async () => {
    proxy.serve();
    await Promise.all(clients.splice(0).map((client) => client.end().catch(() => undefined)));
    await until("the proxy has no connection", () => proxy.connections === 0);
  });
  after(async () => {
    await proxy.close();
    await database.drop();
  });

  it("hands statements and answers of any size through, and counts the answers", async () => {
    const client = await connect();
    const before = proxy.replies;
    const { rows } = await client.query<{ text: string }>("select repeat('x', 3000000) as text");
    expect(rows[0]!.text).to.have.length(3_000_000);
    await client.query({ name: "twice", text: "select $1::int", values: [1] });
    await client.query({ name: "twice", text: "select $1::int", values: [2] });
    expect(proxy.replies - before).to.equal(3);
  });

  it("cuts the n-th answer after the server has committed, and names the statement, a prepared one too", async () => {
    const client = await connect();
    const insert = { name: "insert", text: "insert into cut_rows values ($1)", values: [1] };
    const cut = proxy.cutReply(2, (statement) => statement.startsWith("insert"));
    await client.query(insert);
    await client.query("select 1");
    expect(await failed(client.query(insert))).to.equal(true);
    expect(await cut).to.equal(insert.text);
    expect(await database.query("select n from cut_rows")).to.have.length(2);
    await (await connect()).query("select 1");
  });

  it("drops connections and serves new ones; refuses new ones until it serves again", async () => {
    const client = await connect();
    proxy.drop();
    expect(await failed(client.query("select 1"))).to.equal(true);
    const next = await connect();
    proxy.refuse();
    expect(await failed(next.query("select 1"))).to.equal(true);
    expect(await failed(connect())).to.equal(true);
    proxy.serve();
    await (await connect()).query("select 1");
  });

  it("stalled, it lets nothing pass until it serves again, and then everything", async () => {
    const client = await connect();
    proxy.stall();
    const answers: string[] = [];
    const late = client.query("insert into cut_rows values (7)").then(() => answers.push("late"));
    const connecting = connect().then(() => answers.push("connected"));
    expect(await database.query("select n from cut_rows where n = 7")).to.deep.equal([]);
    expect(answers).to.deep.equal([]);
    proxy.serve();
    await Promise.all([late, connecting]);
    expect(await database.query("select n from cut_rows where n = 7")).to.have.length(1);
  });

  it("delays a request beyond the end of its connection", async () => {
    const client = await connect();
    const delayed = proxy.delayRequest((statement) => statement.startsWith("insert"));
    expect(await failed(client.query("insert into cut_rows values ($1)", [8]))).to.equal(true);
    const late = await delayed;
    expect(await database.query("select n from cut_rows where n = 8")).to.deep.equal([]);
    await late.deliver();
    expect(await database.query("select n from cut_rows where n = 8")).to.have.length(1);
  });
});
