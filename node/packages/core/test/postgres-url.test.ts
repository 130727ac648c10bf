import { isPostgresUrl } from "@maxq/core";
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
  ])
    it(`is ${text}`, () => expect(isPostgresUrl(text)).to.equal(true));

  for (const password of ["pa@ss/w:o", "p/w", "1/w", "p?w", "1?w", "p#w", "1#w", "a/b/c", "a@b/c"])
    it(`is none with the password ${password} as it is`, () =>
      expect(isPostgresUrl(`postgresql://user:${password}@host:5432/db`)).to.equal(false));

  it("is of no other scheme", () => expect(isPostgresUrl("mysql://user@host/db")).to.equal(false));
});
