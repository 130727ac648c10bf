import { aFlow, aFolder, aFreePort, nothingIsLeftOf, startProgram, until } from "@maxq/test-kit";
import { expect } from "chai";
import { aRun, ask, command } from "./start.js";

/** Starts a server that logs everything to where a shell sends it, lets it run a flow, and stops it in order. */
async function servesWithItsLog(sentTo: string): Promise<void> {
  const { root } = aFlow("small", {
    flow: `[ -n "$MAXQ_COMPLETED_STAGE" ] || echo '{"stage":"s","final":true,"steps":[{"name":"work"}]}'`,
    steps: { work: "true" },
  });
  const port = String(await aFreePort());
  const args = ["-c", `exec "$0" "$@" ${sentTo}`, command, "--port", port, "--flows", root];
  const env = { LOG_LEVEL: "debug" };
  const server = startProgram({ command: "bash", args, cwd: aFolder("cwd"), env });
  const url = `http://127.0.0.1:${port}/api/v1`;
  await until("the server is ready", async () => {
    if (!server.isRunning()) throw new Error(`It ended at its start: ${server.output()}`);
    return (await fetch(`http://127.0.0.1:${port}/readyz`).catch(() => null))?.status === 200;
  });
  const id = await aRun(url, "small");
  await until("the run is completed", async () => (await ask(url, `/runs/${id}`)).status === "completed");
  expect(await server.stop("SIGTERM")).to.deep.equal({ code: 0, signal: null });
  await nothingIsLeftOf(server.mark);
}

describe("a server whose log cannot be written", () => {
  it("goes on when the disk under it is full, and drains", () => servesWithItsLog("> /dev/full 2>&1"));

  it("goes on when its reader has gone, and drains", () => servesWithItsLog("> >(head -n 1)"));
});
