/** Processes that may not join: what they say, and that nobody else notices. */
import { aFolder, aFreePort, until } from "@maxq/test-kit";
import { expect } from "chai";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { System } from "../system/system.js";
import { Crew } from "./crew.js";

const gated = { stage: "s", final: true, steps: [{ id: "x", name: "work" }] };
const work = `echo "$MAXQ_ATTEMPT" >>"$TEST_SIGNALS/begun"; until [ -e "$TEST_SIGNALS/go" ]; do sleep 0.05; done`;

describe("a process that may not join is refused, and a run goes on untouched", function () {
  this.timeout(180_000);

  it("on PostgreSQL, where its schema is older than the database's", async () => {
    const crew = await Crew.open({});
    await crew.aWorker(1);
    crew.flows.stage("gated", gated, { work });
    const runId = await crew.api.trigger("gated");
    await until("it runs", () => crew.signed("begun"));
    await crew.database.query(
      "insert into knex_migrations (name, batch, migration_time) values ('999_of_tomorrow.mjs', 2, now())",
    );
    for (const args of [["worker"], ["serve", "--no-worker", "--port", "0"], ["--port", "0"]]) {
      const late = crew.start("late", args);
      expect((await late.ended).code).to.equal(1);
      expect(late.output()).to.match(/was used by a newer MaxQ.*999_of_tomorrow.*Start that version/);
    }
    expect((await crew.api.get("/workers")).body.data.length).to.equal(1);
    writeFileSync(crew.sign("go"), "");
    expect((await crew.api.ended(runId)).status).to.equal("completed");
    expect(readFileSync(crew.sign("begun"), "utf8")).to.equal("1\n");
    await crew.close();
  });

  it("on SQLite, where the file or the port is another server's", async () => {
    const directory = aFolder("system");
    const system = new System({}, directory);
    await system.start({});
    const { api, signals, url, pid } = system.server;
    system.flows.stage("gated", gated, { work });
    const runId = await api.trigger("gated");
    await until("it runs", () => existsSync(join(signals, "begun")));
    const sameFile = await refusal(system, "--port", `${await aFreePort()}`);
    expect(sameFile).to.contain(`is in use by the server with process id ${pid}`);
    const elsewhere = join(aFolder("other"), "not-made");
    const samePort = await refusal(system, "--port", new URL(url).port, "--data-dir", elsewhere);
    expect(samePort).to.contain("is in use.").and.contain("--port");
    expect(existsSync(elsewhere)).to.equal(false);
    writeFileSync(join(signals, "go"), "");
    expect((await api.ended(runId)).status).to.equal("completed");
    expect(readFileSync(join(signals, "begun"), "utf8")).to.equal("1\n");
    await system.stop();
  });
});

/** What a start that must fail says. */
async function refusal(system: System, ...args: readonly string[]): Promise<string> {
  return system.command(...args).then(
    () => Promise.reject(new Error("It started.")),
    (error: unknown) => String(error),
  );
}
