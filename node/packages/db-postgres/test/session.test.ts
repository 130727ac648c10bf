import { DatabaseUnavailable, StatementFailed } from "@maxq/db";
import { until } from "@maxq/test-kit";
import { expect } from "chai";
import { randomBytes } from "node:crypto";
import { failure, Scratch } from "./scratch.js";

const statements = {
  "number.one": "select 1 as one",
  "number.none": "select none as one",
  "number.parse": "select :text::int as n",
};

describe("a session that PostgreSQL refuses", () => {
  const role = `maxq_test_${randomBytes(6).toString("hex")}`;
  let scratch: Scratch;
  let url: string;
  let database: string;

  beforeEach(async () => {
    scratch = await Scratch.create();
    const own = new URL(scratch.url);
    database = own.pathname.slice(1);
    await scratch.query(`create role ${role} login password 'sesame'`);
    own.username = role;
    own.password = "sesame";
    url = own.href;
  });
  afterEach(async () => {
    await scratch.terminate();
    await scratch.query(`drop owned by ${role}; drop role ${role}`);
    await scratch.drop();
  });

  it("makes the database unavailable, which is no fault of the statement, and works when it is given", async () => {
    const driver = await scratch.open(statements, { url });
    await driver.hot.all("number.one");
    await scratch.query(`revoke temporary, connect on database "${database}" from public`);
    await scratch.terminate();
    for (const error of [
      await failure(driver.all("number.one")),
      await failure(driver.hot.all("number.one")),
    ])
      expect(error).to.be.instanceOf(DatabaseUnavailable);
    await scratch.query(`grant connect on database "${database}" to ${role}`);
    expect(await driver.all("number.one")).to.deep.equal([{ one: 1 }]);
    const error = await failure(driver.hot.all("number.one"));
    expect(error).to.be.instanceOf(DatabaseUnavailable);
    expect(String(error)).to.contain("temporary").and.contain("42501");
    await scratch.query(`grant temporary on database "${database}" to ${role}`);
    expect(await driver.hot.all("number.one")).to.deep.equal([{ one: 1 }]);
  });

  it("is not what a statement meets that the server refuses, of which is known whether what was sent can be to blame", async () => {
    const driver = await scratch.open(statements, { url });
    const [parse, none] = [
      await failure(driver.all("number.parse", { text: "x" })),
      await failure(driver.all("number.none")),
    ];
    expect(parse).to.be.instanceOf(StatementFailed).and.have.property("ofContent", true);
    expect(none).to.be.instanceOf(StatementFailed).and.have.property("ofContent", false);
  });

  it("where too many connections are open is had by the hot statements, for which the pool gives up idle ones", async () => {
    const driver = await scratch.open(statements, { url });
    await driver.transaction(() => driver.transaction(() => driver.all("number.one")));
    await scratch.query(`alter role ${role} connection limit 3`);
    expect(String(await failure(driver.hot.all("number.one")))).to.contain("53300");
    await until("the hot connection is there", () => driver.hot.all("number.one").catch(() => null));
  });

  it("is foreseen: no driver is opened for a role that may make no temporary objects, unless it only looks", async () => {
    await scratch.query(`revoke temporary on database "${database}" from public`);
    const error = await failure(scratch.open(statements, { url }));
    expect(error).not.to.be.instanceOf(DatabaseUnavailable);
    expect(String(error)).to.contain(`GRANT TEMPORARY ON DATABASE ${database} TO ${role}`);
    const looking = await scratch.open(statements, { url, onlyLooks: true });
    expect(await looking.all("number.one")).to.deep.equal([{ one: 1 }]);
  });

  it("is not opened on a database that cannot hold all text, not even to look", async () => {
    const latin = `${database}_latin1`;
    await scratch.query(
      `create database "${latin}" template template0 encoding 'LATIN1' lc_collate 'C' lc_ctype 'C'`,
    );
    try {
      const there = new URL(scratch.url);
      there.pathname = `/${latin}`;
      for (const onlyLooks of [false, true]) {
        const error = await failure(scratch.open(statements, { url: there.href, onlyLooks }));
        expect(error).not.to.be.instanceOf(DatabaseUnavailable);
        expect(String(error)).to.contain(`The database ${latin} at`).and.contain("is encoded in LATIN1");
      }
    } finally {
      await scratch.query(`drop database "${latin}"`);
    }
  });
});
