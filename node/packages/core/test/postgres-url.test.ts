import { hasSslMode, isPostgresUrl, postgresPlace, readPostgresUrl } from "@maxq/core";
import { expect } from "chai";

describe("an address of PostgreSQL", () => {
  for (const text of [
    "postgres://host/db",
    "postgresql://user:password@host:5432/db",
    "postgresql://user:pa%40ss%2Fw%3Ao@host/db?sslmode=require",
    "postgres://user@host",
    "postgres:///db?host=/run/postgresql&user=me",
    "postgres://%2Frun%2Fpostgresql/db",
    "postgres://[::1]:5432/db",
    "postgres://user:pa%40ss@/db?host=/run/postgresql",
  ])
    it(`is ${text}`, () => expect(isPostgresUrl(text)).to.equal(true));

  for (const password of ["pa@ss/w:o", "p/w", "1/w", "p?w", "1?w", "p#w", "1#w", "a/b/c", "a@b/c"])
    it(`is none with the password ${password} as it is`, () =>
      expect(isPostgresUrl(`postgresql://user:${password}@host:5432/db`)).to.equal(false));

  it("has its user and password in the parameters where it has no host, as pg reads them", () => {
    const url = readPostgresUrl("postgres://me:pa%40ss@/db?host=/run/postgresql&port=5433")!;
    expect(Object.fromEntries(url.searchParams)).to.deep.equal({
      ...{ host: "/run/postgresql", port: "5433", user: "me", password: "pa@ss" },
    });
    expect(postgresPlace(url)).to.equal("/run/postgresql:5433/db");
  });

  it("is told with the path of its socket, also where that stands as the host", () => {
    const url = readPostgresUrl("postgres://%2Frun%2Fpostgresql:5433/db")!;
    expect(postgresPlace(url)).to.equal("/run/postgresql:5433/db");
  });

  for (const mode of ["", "disable", "require", "verify-ca", "verify-full", "no-verify"])
    it(`may ask for sslmode=${mode}`, () =>
      expect(hasSslMode(`postgres://host/db?sslmode=${mode}`)).to.equal(true));

  for (const mode of ["prefer", "allow", "on", "disable&sslmode=prefer", "require&sslmode="])
    it(`may not ask for sslmode=${mode}, which would leave open whether it is encrypted`, () =>
      expect(hasSslMode(`postgres://host/db?sslmode=${mode}`)).to.equal(false));

  it("is of no other scheme", () => expect(isPostgresUrl("mysql://user@host/db")).to.equal(false));
});
