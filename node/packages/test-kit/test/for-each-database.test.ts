import { forEachDatabase } from "@maxq/test-kit";
import { expect } from "chai";

describe("forEachDatabase", () => {
  forEachDatabase((openStore, database) => {
    it("gives a store on a database with the current schema", async () => {
      const store = await openStore();
      expect((await store.health()).schema).to.equal("current");
      await store.close();
    });

    it("lets a test look behind the store", async () => {
      const [first] = await database.query("select name from knex_migrations order by id");
      expect(first).to.deep.equal({ name: "001_initial.mjs" });
    });

    it("turns the database's clock", async () => {
      const [before] = await database.query<{ now: number | string }>("select now_ms() as now");
      const store = await openStore();
      await database.turnClock(3_600_000);
      const settled = await store.settingOnce("a", "b");
      expect(settled).to.equal("b");
      expect(Number(before!.now)).to.be.greaterThan(0);
    });
  });
});
