/** The server is started as the two descriptions say: by flags, by variables. */
import { aFolder } from "@maxq/test-kit";
import { expect } from "chai";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Server, type ServerSettings } from "../system/server.js";

const documents = import.meta.dirname;

async function greets(flow: string, settings: ServerSettings): Promise<void> {
  const server = await Server.start(settings);
  try {
    const run = await server.api.runToEnd(flow);
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
  } finally {
    expect(await server.stop()).to.equal(0);
  }
}

describe("starting as documented", () => {
  it("maxq --port … --data-dir ./data --flows … keeps its state in ./data/maxq.db", async () => {
    const directory = aFolder("start");
    const flows = join(documents, "embedded/flows");
    const options = ["--port", "PORT", "--data-dir", "./data", "--flows", flows];
    await greets("hello", { directory, options, env: {} });
    expect(existsSync(join(directory, "data/maxq.db"))).to.equal(true);
  });

  it("every documented option and variable of the embedded one is taken", async () => {
    const options =
      `-p PORT -d ./here -f ${join(documents, "embedded/flows")} --max-concurrent-steps 10 --max-log-capture 8192
      --scheduler-interval 200 --scheduler-batch-size 10 --abort-grace-ms 5000 --log-level debug`.split(
        /\s+/,
      );
    const env = {
      MAXQ_SERVER_PORT: "1",
      MAXQ_DATA_DIR: "/nowhere",
      MAXQ_FLOWS_ROOT: "/nowhere",
      MAXQ_MAX_CONCURRENT_STEPS: "1",
      MAXQ_MAX_LOG_CAPTURE: "1024",
      MAXQ_SCHEDULER_INTERVAL_MS: "100",
      MAXQ_SCHEDULER_BATCH_SIZE: "5",
      MAXQ_ABORT_GRACE_MS: "100",
      LOG_LEVEL: "info",
    };
    await greets("hello", { directory: aFolder("start"), options, env });
  });

  it("the variables of the server are taken, MAXQ_SQLITE_PATH among them", async () => {
    const directory = aFolder("start");
    const env = {
      MAXQ_FLOWS_ROOT: join(documents, "server/flows"),
      MAXQ_SQLITE_PATH: "./maxq.db",
      MAXQ_HOST: "127.0.0.1",
      MAXQ_SCHEDULER_INTERVAL_MS: "200",
      MAXQ_SCHEDULER_BATCH_SIZE: "10",
    };
    await greets("hello_world", { directory, env });
    expect(existsSync(join(directory, "maxq.db"))).to.equal(true);
  });
});
