import { chmodSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aFlow, aFolder, type Ending, type Program } from "@maxq/test-kit";
import { expect } from "chai";
import { aServer, maxq } from "./start.js";

async function ended(program: Program): Promise<{ code: Ending["code"]; output: string }> {
  const { code } = await program.ended;
  return { code, output: program.output() };
}

describe("maxq doctor", () => {
  it("finds nothing wrong where all is well", async () => {
    const { root } = aFlow("fine", { flow: "true", steps: { a: "true" } });
    const { code, output } = await ended(maxq(["doctor", "--port", "0", "--flows", root]));
    expect(output)
      .to.contain("✔ Node.js")
      .and.contain("✔ Launcher")
      .and.contain("✔ Flow fine: 1 step script\n");
    expect(output).to.contain("No problems found.");
    expect(code).to.equal(0);
  });

  it("names each problem with its cure", async () => {
    const { root, directory } = aFlow("broken", { flow: "true" });
    chmodSync(join(directory, "flow.sh"), 0o644);
    const missing = { MAXQ_DATABASE_URL: "postgresql://nobody:hunter2@127.0.0.1:1/none" };
    const { code, output } = await ended(maxq(["doctor", "--port", "0", "--flows", root], { env: missing }));
    expect(code).to.equal(1);
    expect(output).to.match(
      /✘ Database: PostgreSQL at 127\.0\.0\.1:1\/none cannot be used: .*\n +→ Check that PostgreSQL runs/,
    );
    expect(output).to.match(/✘ Flow broken: .*is not executable: run chmod \+x .*\n +→ /);
    expect(output).to.contain("2 problems found.");
    expect(output).not.to.contain("hunter2");
  });

  it("finds a flows root that is missing or is no directory", async () => {
    const missing = join(aFolder("flows"), "missing");
    const file = join(aFolder("flows"), "file");
    writeFileSync(file, "");
    for (const [root, message] of [
      [missing, `✘ Flows root: there is no ${missing}`],
      [file, `✘ Flows root: ${file} is no directory`],
    ] as const) {
      const { code, output } = await ended(maxq(["doctor", "--port", "0", "--flows", root]));
      expect(output).to.contain(message).and.contain("--flows, MAXQ_FLOWS_ROOT");
      expect(code).to.equal(1);
    }
  });

  it("knows a server that runs", async () => {
    const dataDir = aFolder("data");
    const flows = aFlow("fine", { flow: "true" }).root;
    const { server, url } = await aServer(["--data-dir", dataDir, "--flows", flows]);
    const { port } = new URL(url);
    const { code, output } = await ended(
      maxq(["doctor", "-p", port, "--data-dir", dataDir, "--flows", flows]),
    );
    expect(output).to.contain(`a MaxQ server answers at ${port}`).and.contain("schema current");
    expect(code).to.equal(0);
    await server.stop();
  });

  it("says that other users can read the SQLite file, which holds secrets, unless its folder is closed to them", async () => {
    const dataDir = aFolder("data");
    const flows = aFlow("fine", { flow: "true" }).root;
    const look = () => ended(maxq(["doctor", "-p", "0", "--data-dir", dataDir, "--flows", flows]));
    await ended(maxq(["migrate", "-d", dataDir]));
    chmodSync(dataDir, 0o755);
    expect((await look()).output).not.to.contain("Database file");
    const file = join(dataDir, "maxq.db");
    chmodSync(file, 0o644);
    const { code, output } = await look();
    expect(output).to.contain(`! Database file: other users can read ${file}`);
    expect(output).to.contain(`→ Run chmod o= ${file}*`);
    expect(code).to.equal(0);
    chmodSync(dataDir, 0o700);
    expect((await look()).output).not.to.contain("Database file");
  });
});

describe("the colours of the command", () => {
  it("are as if NO_COLOR and FORCE_COLOR were not there where they are empty", async () => {
    const { root } = aFlow("fine", {
      flow: `[ -n "$MAXQ_COMPLETED_STAGE" ] || echo '{"stage":"s","final":true,"steps":[{"name":"a"}]}'`,
      steps: { a: "true" },
    });
    const run = async (env: Record<string, string>): Promise<string> =>
      (await ended(maxq(["run", "fine", "--flows", root], { env }))).output;
    expect(await run({ FORCE_COLOR: "" })).not.to.contain("\u001b");
    expect(await run({ FORCE_COLOR: "1", NO_COLOR: "" })).to.contain("\u001b");
  });
});

describe("maxq migrate", () => {
  it("makes the schema, and says so", async () => {
    const dataDir = aFolder("data");
    expect(await ended(maxq(["migrate", "status", "-d", dataDir]))).to.deep.include({ code: 1 });
    const { code, output } = await ended(maxq(["migrate", "-d", dataDir]));
    expect(output).to.contain("is current: ran 001_initial.mjs");
    expect(code).to.equal(0);
    expect((await ended(maxq(["migrate", "-d", dataDir]))).output).to.contain("as it was before");
    expect(await ended(maxq(["migrate", "status", "-d", dataDir]))).to.deep.include({ code: 0 });
  });
});

describe("maxq key", () => {
  it("prints the key that a server made, while the server runs, and replaces it", async () => {
    const dataDir = aFolder("data");
    const none = await ended(maxq(["key", "-d", dataDir]));
    expect(none.code).to.equal(1);
    expect(none.output).to.contain("no key has been made yet");

    const { server, url } = await aServer(["--host", "0.0.0.0", "--data-dir", dataDir]);
    expect(server.output()).to.contain("`maxq key` prints");
    const first = (await ended(maxq(["key", "-d", dataDir]))).output.trim();
    const status = async (key: string): Promise<number> =>
      (await fetch(`${url}/runs`, { headers: { Authorization: `Bearer ${key}` } })).status;
    expect(await status("wrong")).to.equal(401);
    expect(await status(first)).to.equal(200);
    expect(server.output()).not.to.contain(first);

    const second = (await ended(maxq(["key", "--rotate", "-d", dataDir]))).output.trim();
    expect(second).not.to.equal(first);
    expect(await status(second)).to.equal(200);
    await server.stop();
  });
});
