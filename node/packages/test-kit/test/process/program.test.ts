import {
  aFlow,
  aFolder,
  aFreePort,
  aScript,
  nothingIsLeftOf,
  processesMarked,
  startProgram,
} from "@maxq/test-kit";
import { expect } from "chai";
import { accessSync, constants } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";

describe("a program under test", () => {
  it("has a clean environment, and what it was given", async () => {
    process.env.MAXQ_TEST_LEAK = "1";
    const program = startProgram({ command: "env", env: { GIVEN: "yes" } });
    await program.ended;
    delete process.env.MAXQ_TEST_LEAK;
    expect(program.output()).to.include("GIVEN=yes").and.not.to.include("MAXQ_TEST_LEAK");
  });

  it("is waited for by what it prints", async () => {
    const program = startProgram({ command: "bash", args: ["-c", "echo port 17; echo later >&2; sleep 60"] });
    expect((await program.waitForOutput(/port (\d+)/))[1]).to.equal("17");
    await program.waitForOutput(/later/);
    expect(program.isRunning()).to.equal(true);
    expect(await program.stop("SIGKILL")).to.deep.equal({ code: null, signal: "SIGKILL" });
    await nothingIsLeftOf(program.mark);
  });

  it("is not waited for once it has ended", async () => {
    const program = startProgram({ command: "bash", args: ["-c", "echo oops; exit 3"] });
    const error = await program.waitForOutput(/ready/).catch((e: unknown) => e);
    expect((error as Error).message).to.include("oops");
    expect((await program.ended).code).to.equal(3);
  });

  it("is found with all that it started, whatever became of its session", async () => {
    const program = startProgram({ command: "bash", args: ["-c", "setsid sleep 60 & echo started; wait"] });
    await program.waitForOutput(/started/);
    program.kill("SIGKILL");
    const error = await nothingIsLeftOf(program.mark, 200).catch((e: unknown) => e);
    expect((error as Error).message).to.include("sleep 60");
    for (const { pid } of processesMarked(program.mark)) process.kill(pid, "SIGKILL");
    await nothingIsLeftOf(program.mark);
  });
});

describe("what tests are made of", () => {
  it("are flows, executable, in folders of their own", () => {
    const { root, directory } = aFlow("hello", { flow: "echo hi", steps: { greet: "#!/bin/sh\necho hi" } });
    accessSync(join(root, "hello", "flow.sh"), constants.X_OK);
    accessSync(join(directory, "steps", "greet", "step.sh"), constants.X_OK);
    accessSync(aScript(join(aFolder(), "forever.sh"), "sleep 60"), constants.X_OK);
  });

  it("are ports that can be listened on", async () => {
    const port = await aFreePort();
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
    await new Promise((resolve) => server.close(resolve));
  });
});
