/** SIGHUP: what a terminal sends when it is closed. */
import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aFlow, aFolder, nothingIsLeftOf, startProgram, until, type Program } from "@maxq/test-kit";
import { expect } from "chai";
import { aRun, ask, command } from "./start.js";

/** A flow of one step that waits for a file. */
function aWaitingFlow() {
  const folder = aFolder("witness");
  const [started, go] = [join(folder, "started"), join(folder, "go")];
  const { root, directory } = aFlow("waits", {
    flow: `[ -n "$MAXQ_COMPLETED_STAGE$MAXQ_FAILED_STAGE" ] || echo '{"stage":"s","final":true,"steps":[{"name":"work"}]}'`,
    steps: { work: `touch ${started}; until [ -e ${go} ]; do sleep 0.05; done` },
  });
  return {
    root,
    directory,
    runs: () => until("the step runs", () => existsSync(started)),
    letItEnd: () => writeFileSync(go, ""),
  };
}

function startIn(how: readonly string[], args: readonly string[]): Program {
  const [program, ...before] = [...how, command];
  return startProgram({ command: program, args: [...before, ...args], cwd: aFolder("cwd") });
}

async function aServerOf(root: string, how: readonly string[] = []) {
  const server = startIn(how, ["--port", "0", "--flows", root, "--drain-ms", "600000"]);
  const [, url = ""] = await server.waitForOutput(/serves (http:\/\/[^,]+)/);
  return { server, url };
}

describe("a terminal that is closed", () => {
  it("drains a server, however often it says so", async () => {
    const { root, runs, letItEnd } = aWaitingFlow();
    const { server, url } = await aServerOf(root);
    await aRun(url, "waits");
    await runs();
    server.kill("SIGHUP");
    await server.waitForOutput(/Stopping: 1 scripts run; they have 600000 ms/);
    server.kill("SIGHUP");
    letItEnd();
    expect(await server.ended).to.deep.equal({ code: 0, signal: null });
    expect(server.output()).not.to.contain('ended at once"');
    await nothingIsLeftOf(server.mark);
  });

  it("leaves a server alone that nohup started", async () => {
    const { root, letItEnd } = aWaitingFlow();
    const { server, url } = await aServerOf(root, ["nohup"]);
    expect(server.output()).not.to.contain("is no setting");
    letItEnd();
    server.kill("SIGHUP");
    const id = await aRun(url, "waits");
    await until("the run is completed", async () => (await ask(url, `/runs/${id}`)).status === "completed");
    expect(await server.stop("SIGTERM")).to.deep.equal({ code: 0, signal: null });
  });

  it("aborts a run of this process, but not one that nohup started", async () => {
    for (const [how, code] of [
      [[], 130],
      [["nohup"], 0],
    ] as const) {
      const { directory, runs, letItEnd } = aWaitingFlow();
      const program = startIn(how, ["run", directory]);
      await runs();
      program.kill("SIGHUP");
      if (code === 0) letItEnd();
      expect(await program.ended).to.deep.equal({ code, signal: null });
      await nothingIsLeftOf(program.mark);
    }
  });
});
