import { expect } from "chai";
import { Scratch } from "./scratch.js";

describe("the health of a PostgreSQL database", () => {
  let scratch: Scratch;
  beforeEach(async () => {
    scratch = await Scratch.create();
  });
  afterEach(() => scratch.drop());

  it("says whether it takes writes", async () => {
    const driver = await scratch.open({});
    expect((await driver.health()).writes).to.equal("accepted");
    const database = new URL(scratch.url).pathname.slice(1);
    await scratch.query(`alter database "${database}" set default_transaction_read_only = on`);
    expect((await (await scratch.open({})).health()).writes).to.equal("read_only");
  });
});
