import { startScript, until } from "@maxq/test-kit";
import { expect } from "chai";
import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";

const startsServer = fileURLToPath(new URL("./starts-server.ts", import.meta.url));

describe("the embedded PostgreSQL", () => {
  it("ends with a test run that is killed, data and all", async () => {
    const run = startScript(startsServer);
    const [, url] = await run.waitForOutput(/server at (.*)\./, 60_000);
    const client = new pg.Client({ connectionString: url });
    client.on("error", () => undefined);
    await client.connect();
    const { rows } = await client.query<{ data: string }>("select current_setting('data_directory') as data");
    const closed = new Promise((resolve) => client.once("end", resolve));
    const data = rows[0]!.data;
    expect(existsSync(data)).to.equal(true);

    await run.stop("SIGKILL");
    await closed;
    await until("its folder is gone", () => !existsSync(dirname(data)), 20_000);
  });
});
