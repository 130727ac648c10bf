import { aFolder, startProgram } from "@maxq/test-kit";
import { expect } from "chai";
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");

/** Runs a command in a folder and answers its exit code and what it printed. */
async function runIn(cwd: string, command: string, args: string[], env: Record<string, string>) {
  const program = startProgram({ command, args, cwd, env });
  const { code } = await program.ended;
  return { code, output: program.output() };
}

describe("the scripts for migrations", () => {
  const script = join(root, "scripts", "migrate.sh");

  it("take relative paths from where they are started", async () => {
    const cwd = aFolder("cwd");
    const { code, output } = await runIn(cwd, script, ["latest"], { MAXQ_SQLITE_PATH: "./relative.db" });
    expect(code, output).to.equal(0);
    expect(existsSync(join(cwd, "relative.db"))).to.equal(true);
  });

  it("take them from where npm is started, which changes to the checkout", async () => {
    const cwd = aFolder("cwd");
    const args = ["--prefix", root, "run", "migrate:maxq:latest"];
    const { code, output } = await runIn(cwd, "npm", args, { MAXQ_DATA_DIR: "relative" });
    expect(code, output).to.equal(0);
    expect(existsSync(join(cwd, "relative", "maxq.db"))).to.equal(true);
  });

  it("find the file with the database's URL from there, too", async () => {
    const cwd = aFolder("cwd");
    writeFileSync(join(cwd, "url"), "postgresql://nobody@127.0.0.1:1/none\n");
    const { code, output } = await runIn(cwd, script, ["status"], { MAXQ_DATABASE_URL_FILE: "url" });
    expect(code).to.equal(1);
    expect(output).to.contain("ECONNREFUSED 127.0.0.1:1");
  });
});
