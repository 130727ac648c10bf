import { defaultMigrationsDirectory, knownMigrations, schemaState } from "@maxq/db/migrate";
import { expect } from "chai";

describe("the state of a schema", () => {
  const known = ["001_initial.mjs", "002_more.mjs"];

  it("is missing where nothing was ever migrated", () => {
    expect(schemaState(null, known)).to.equal("missing");
    expect(schemaState([], known)).to.equal("missing");
  });

  it("is current with exactly what this program knows", () => {
    expect(schemaState(known, known)).to.equal("current");
  });

  it("is older while something is to be done", () => {
    expect(schemaState(["001_initial.mjs"], known)).to.equal("older");
  });

  it("is newer as soon as something is not known, whatever is missing besides", () => {
    expect(schemaState([...known, "003_later.mjs"], known)).to.equal("newer");
    expect(schemaState(["001_initial.mjs", "003_later.mjs"], known)).to.equal("newer");
    expect(schemaState(["2020_users.js"], known)).to.equal("foreign");
  });
});

describe("the migrations of this program", () => {
  it("are found, and begin with the first", () => {
    expect(knownMigrations(defaultMigrationsDirectory())[0]).to.equal("001_initial.mjs");
  });
});
