import { DatabaseUnavailable, StatementFailed } from "@maxq/db";
import { openPostgresDriver } from "@maxq/db-postgres";
import { aFreePort, until } from "@maxq/test-kit";
import { expect } from "chai";
import { createServer, type AddressInfo } from "node:net";
import { clientConfig } from "../src/connection/config.js";
import { failure, Scratch } from "./scratch.js";

const statements = {
  "number.one": "select 1 as one",
  "number.sleep": "select pg_sleep(60)",
  "number.parse": "select :text::int as n",
  "number.json": `select '[1]'::jsonb as json, array[1, 2]::bigint[] as list, count(*) as n, sum(x::bigint) as total from unnest(:list::bigint[]) x`,
};

/** Messages of PostgreSQL's protocol: a letter, the length of what follows with its own four bytes, and that. */
function message(type: string, body: string | Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(type), length, Buffer.from(body)]);
}

/** The user is let in, and the server waits for statements. */
const ready = Buffer.concat([
  message("R", Buffer.alloc(4)),
  message("K", Buffer.alloc(8, 1)),
  message("Z", "I"),
]);
/** Somebody ends the session. */
const ended = message("E", "SFATAL\0C57P01\0Mterminating connection due to administrator command\0\0");

describe("connections to PostgreSQL", () => {
  let scratch: Scratch;
  beforeEach(async () => {
    scratch = await Scratch.create();
  });
  afterEach(() => scratch.drop());

  it("that are idle may be ended by the server: the next statement gets another", async () => {
    const driver = await scratch.open(statements);
    await driver.all("number.one");
    expect(await scratch.terminate()).to.be.greaterThan(0);
    await until("a statement runs again", () => driver.all("number.one").catch(() => null));
  });

  it("that are ended in a statement make the database unavailable", async () => {
    const driver = await scratch.open(statements);
    const sleeping = failure(driver.all("number.sleep"));
    await until("it sleeps", () =>
      scratch
        .query(
          "select 1 from pg_stat_activity where query like '%pg_sleep%' and state = 'active' and pid <> pg_backend_pid()",
        )
        .then((rows) => rows.length > 0),
    );
    await scratch.terminate();
    expect(await sleeping).to.be.instanceOf(DatabaseUnavailable);
    // The pool's other connections were ended too, and it may hear of that only when it uses one.
    await until("a statement runs again", () => driver.all("number.one").catch(() => null));
  });

  it("that are ended in a transaction reject it, and the pool goes on", async () => {
    const driver = await scratch.open(statements, { poolSize: 1 });
    const error = await failure(
      driver.transaction(async (tx) => {
        await tx.all("number.one");
        await scratch.terminate();
        await tx.all("number.one");
      }),
    );
    expect(error).to.be.instanceOf(DatabaseUnavailable);
    expect(await driver.transaction((tx) => tx.all("number.one"))).to.deep.equal([{ one: 1 }]);
  });

  it("that are ended with their first answer, in one packet, make it unavailable", async () => {
    const server = createServer((socket) => {
      socket.once("data", () => socket.end(Buffer.concat([ready, ended])));
      socket.on("error", () => undefined);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const error = await failure(openPostgresDriver({ url: `postgres://user@127.0.0.1:${port}/maxq` }));
    expect(error).to.be.instanceOf(DatabaseUnavailable);
    await new Promise((resolve) => server.close(resolve));
  });

  it("that are refused make it unavailable, without showing the password", async () => {
    const port = await aFreePort();
    const error = await failure(openPostgresDriver({ url: `postgres://user:sesame@127.0.0.1:${port}/maxq` }));
    expect(error).to.be.instanceOf(DatabaseUnavailable);
    expect((error as Error).message)
      .to.include(`127.0.0.1:${port}/maxq`)
      .and.not.to.include("sesame");
  });

  it("that ask for encryption check who the server is, without a warning of pg's", () => {
    for (const mode of ["require", "verify-ca", "verify-full"]) {
      const { connectionString } = clientConfig({
        url: `postgres://u@host/db?sslmode=${mode}`,
      });
      expect(connectionString).to.equal("postgres://u@host/db?sslmode=verify-full");
    }
  });

  it("need an address of PostgreSQL", async () => {
    expect(String(await failure(openPostgresDriver({ url: "mysql://u:sesame@host/db" }))))
      .to.include("not a PostgreSQL address")
      .and.not.to.include("sesame");
    expect(String(await failure(openPostgresDriver({ url: "postgres://u:open@ses/a:me@127.0.0.1/db" }))))
      .to.include("percent-encoded")
      .and.not.match(/ses|a:me/);
  });

  it("cancel a statement that takes too long, and stay usable", async () => {
    const driver = await scratch.open(statements, { statementTimeoutMs: 400, poolSize: 1 });
    const error = await failure(driver.all("number.sleep"));
    expect(error).to.be.instanceOf(DatabaseUnavailable).and.have.property("message").that.includes("57014");
    expect(await driver.all("number.one")).to.deep.equal([{ one: 1 }]);
  });

  it("that are all taken make others wait, and then say so", async () => {
    const driver = await scratch.open(statements, { poolSize: 1, connectTimeoutMs: 1000 });
    await driver.transaction(async () => {
      expect(await failure(driver.all("number.one"))).to.be.instanceOf(DatabaseUnavailable);
    });
  });

  it("bring numbers as numbers and JSON as text", async () => {
    const driver = await scratch.open(statements);
    expect(await driver.all("number.json", { list: [1, 2 ** 50] })).to.deep.equal([
      { json: "[1]", list: [1, 2], n: 2, total: 1 + 2 ** 50 },
    ]);
  });

  it("take NULL in lists, whatever the database is set to", async () => {
    const database = new URL(scratch.url).pathname.slice(1);
    await scratch.query(`alter database "${database}" set array_nulls = off`);
    const driver = await scratch.open(statements);
    for (const on of [driver, driver.hot])
      expect((await on.all("number.json", { list: [1, null] }))[0]).to.include({ n: 2, total: 1 });
  });

  it("do not tell what was sent, even where PostgreSQL quotes it", async () => {
    const driver = await scratch.open(statements);
    const error = (await failure(driver.all("number.parse", { text: "a secret" }))) as StatementFailed;
    expect(error).to.be.instanceOf(StatementFailed).and.have.property("code", "22P02");
    expect(error.message + String(error.stack) + JSON.stringify(error)).not.to.include("secret");
  });
});
