import { createEmptyDatabase } from "@maxq/test-kit";
import { expect } from "chai";
import { randomBytes } from "node:crypto";
import pg from "pg";
import { migrateDatabase } from "../../src/compose/open-store.js";
import { checkDatabase } from "../../src/doctor/database.js";
import type { Finding } from "../../src/doctor/finding.js";

describe("the doctor, of the database", () => {
  let admin: pg.Client;
  let database: string;
  let role: string;
  let url: string;
  let drop: () => Promise<void>;
  beforeEach(async () => {
    const empty = await createEmptyDatabase();
    drop = empty.drop;
    admin = new pg.Client({ connectionString: empty.url });
    await admin.connect();
    database = new URL(empty.url).pathname.slice(1);
    role = `maxq_test_${randomBytes(6).toString("hex")}`;
    await admin.query(`create role ${role} login password 'sesame'`);
    const own = new URL(empty.url);
    own.username = role;
    own.password = "sesame";
    url = own.href;
  });
  afterEach(async () => {
    await admin.query(`drop owned by ${role}; drop role ${role}`);
    await admin.end();
    await drop();
  });
  const check = (): Promise<Finding> => checkDatabase({ reason: "postgres", url });
  /** What a start says, which does the same first. */
  const start = (): Promise<string> =>
    migrateDatabase({ reason: "postgres", url }).then(
      () => "started",
      (error: unknown) => (error as Error).message,
    );

  it("names the right that the role lacks, and how to give it", async () => {
    await admin.query(`revoke temporary on database "${database}" from public`);
    const finding = await check();
    expect(finding.reason).to.equal("problem");
    expect(finding.message).to.contain(`GRANT TEMPORARY ON DATABASE ${database} TO ${role}`);
  });

  it("names the right to make tables where there are none yet, and so does a start", async () => {
    await admin.query("revoke create on schema public from public");
    const cure = `The role ${role} may not make tables in the database at ${new URL(url).host}/${database}: GRANT CREATE ON SCHEMA public TO ${role}.`;
    expect(await check()).to.include({ reason: "problem", message: cure });
    expect(await start()).to.equal(cure);
    await admin.query(`grant create on schema public to ${role}`);
    expect(await check()).to.include({ reason: "warning" });
    expect(await start()).to.equal("started");
    await admin.query(`revoke create on schema public from ${role}`);
    expect(await check()).to.include({ reason: "good" });
  });

  it("says that a database can only be read, and so does a start", async () => {
    await admin.query(`grant create on schema public to ${role}`);
    expect(await start()).to.equal("started");
    await admin.query(`alter role ${role} set default_transaction_read_only = on`);
    const finding = await check();
    expect(finding.reason).to.equal("problem");
    expect(finding.message).to.contain(
      "can only be read: default_transaction_read_only is on. Switch it off",
    );
    expect(await start()).to.equal(finding.message);
  });

  it("knows the database of another application, and so does a start", async () => {
    await admin.query(
      `create table knex_migrations (id int, name text); insert into knex_migrations values (1, '2020_users.js'); grant select on knex_migrations to ${role}`,
    );
    const finding = await check();
    expect(finding.reason).to.equal("problem");
    expect(finding.message).to.contain("is used by another application: its table of migrations");
    expect(await start()).to.match(
      /is used by another application: its table knex_migrations is none of MaxQ's\. Give MaxQ/,
    );
  });
});
