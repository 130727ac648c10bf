import { postgresSchema, sqliteSchema } from "@maxq/test-kit";
import { expect } from "chai";
import { readFileSync } from "node:fs";

const committed = (name: string) =>
  readFileSync(new URL(`../../../../database/${name}`, import.meta.url), "utf8");

describe("the committed dump of the schema is what the migrations make", () => {
  const howTo = "run scripts/dump-schema.sh and commit what it writes";

  it("on SQLite", async () => {
    expect(await sqliteSchema(), howTo).to.equal(committed("schema.sqlite.sql"));
  });

  it("on PostgreSQL", async () => {
    expect(await postgresSchema(), howTo).to.equal(committed("schema.postgres.sql"));
  });
});
