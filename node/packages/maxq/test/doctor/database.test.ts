import { createEmptyDatabase } from "@maxq/test-kit";
import { expect } from "chai";
import { randomBytes } from "node:crypto";
import pg from "pg";
import { checkDatabase } from "../../src/doctor/database.js";

describe("the doctor, of the database", () => {
  it("names the right that the role lacks, and how to give it", async () => {
    const role = `maxq_test_${randomBytes(6).toString("hex")}`;
    const { url, drop } = await createEmptyDatabase();
    const admin = new pg.Client({ connectionString: url });
    await admin.connect();
    const database = new URL(url).pathname.slice(1);
    await admin.query(
      `create role ${role} login password 'sesame'; revoke temporary on database "${database}" from public`,
    );
    const own = new URL(url);
    own.username = role;
    own.password = "sesame";
    const finding = await checkDatabase({ reason: "postgres", url: own.href });
    expect(finding.reason).to.equal("problem");
    expect(finding.message).to.contain(`GRANT TEMPORARY ON DATABASE ${database} TO ${role}`);
    await admin.query(`drop role ${role}`);
    await admin.end();
    await drop();
  });
});
