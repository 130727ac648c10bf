import { expect } from "chai";
import { preparedName } from "../src/statement/name.js";
import { failure, Scratch } from "./scratch.js";

describe("statement files on PostgreSQL", () => {
  let scratch: Scratch;
  beforeEach(async () => {
    scratch = await Scratch.create();
  });
  afterEach(() => scratch.drop());

  for (const [what, text] of [
    ["a slice", "select (array[1, 2, 3])[1:n] as list, :a::int as a"],
    [
      "an escape of a backslash, and a parameter behind it",
      String.raw`select 'a' like 'b' escape '\' as no, :a::int as a`,
    ],
    ["a dollar quote with a name", "select $x$ :b $x$ as text, :a::int as a"],
  ] as const)
    it(`are refused at the start if tinypg would not understand them: ${what}`, async () => {
      const error = await failure(scratch.open({ "bad.file": text }));
      expect((error as Error).message)
        .to.include("bad/file.sql")
        .and.include("tinypg");
    });

  it("may use a parameter twice, cast it, and have colons in strings and comments", async () => {
    const driver = await scratch.open({
      "good.file": "select :a::int as a, :b || ':c' as b, :a::int + 1 as more -- it's :d",
    });
    expect(await driver.all("good.file", { a: 1, b: "x" })).to.deep.equal([{ a: 1, b: "x:c", more: 2 }]);
  });

  it("are prepared under names of their own, however long", async () => {
    const group = "a".repeat(60);
    const driver = await scratch.open(
      { [`${group}.x`]: "select 1 as n", [`${group}.y`]: "select 2 as n" },
      { poolSize: 1 },
    );
    expect(await driver.all(`${group}.x`)).to.deep.equal([{ n: 1 }]);
    expect(await driver.all(`${group}.y`)).to.deep.equal([{ n: 2 }]);
    expect(preparedName(`${group}.x`, "select 1")).to.have.length(63);
  });

  it("may be run without being prepared", async () => {
    const driver = await scratch.open(
      {
        "some.one": "select :a::int as n",
        "some.prepared": "select count(*) as n from pg_prepared_statements",
      },
      { prepare: false, poolSize: 1 },
    );
    expect(await driver.all("some.one", { a: 1 })).to.deep.equal([{ n: 1 }]);
    expect(await driver.all("some.prepared")).to.deep.equal([{ n: 0 }]);
  });
});
