import { embeddedServer, startScript, until } from "@maxq/test-kit";
import { expect } from "chai";
import { existsSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import pg from "pg";

const startsServer = fileURLToPath(new URL("./starts-server.ts", import.meta.url));

describe("the embedded PostgreSQL", () => {
  it("is restarted at once on the same port, loses every connection and nothing that was committed", async () => {
    const server = await embeddedServer();
    const connect = async (): Promise<pg.Client> => {
      const client = new pg.Client({ connectionString: server.url });
      client.on("error", () => undefined);
      await client.connect();
      return client;
    };
    const before = await connect();
    const lost = new Promise((resolve) => before.once("end", resolve));
    await before.query("create table kept as select 1 as n");
    await server.restart();
    await lost;
    const after = await connect();
    expect((await after.query("select n from kept")).rows).to.deep.equal([{ n: 1 }]);
    expect(readFileSync(server.log, "utf8")).to.match(/immediate shutdown request[^]*ready to accept/);
    await after.end();
    await server.stop();
    expect(existsSync(server.log)).to.equal(false);
  });

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
    await until("its folder is gone", () => !existsSync(dirname(data)));
  });
});
