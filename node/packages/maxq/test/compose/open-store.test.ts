import { createEmptyDatabase } from "@maxq/test-kit";
import type { Health, Store } from "@maxq/db";
import { expect } from "chai";
import { pino } from "pino";
import { openWorkersStore } from "../../src/compose/open-store.js";

const silent = pino({ level: "silent" });

/** A Store that only says how its schema relates to this program. */
function aStore(schema: Health["schema"], closed: string[]): Store {
  const store = {
    health: () => Promise.resolve({ schema }),
    close: () => Promise.resolve(closed.push(schema)),
  };
  return store as unknown as Store;
}

describe("the Store of a worker", () => {
  it("is refused where the schema is older, which is for a server or maxq migrate to change", async () => {
    const closed: string[] = [];
    const database = { reason: "postgres", url: "postgres://nobody@127.0.0.1:1/none" } as const;
    const error: unknown = await openWorkersStore(database, silent, () =>
      Promise.resolve(aStore("older", closed)),
    ).catch((caught: unknown) => caught);
    expect(String(error)).to.match(/older MaxQ.*maxq migrate/);
    expect(closed).to.deep.equal(["older"]);
  });

  it("is made on an empty database", async () => {
    const { url, drop } = await createEmptyDatabase();
    const store = await openWorkersStore({ reason: "postgres", url }, silent);
    expect((await store.health()).schema).to.equal("current");
    await store.close();
    await drop();
  });
});
