/** A launcher that is stopped or frozen, which ends nothing that it is told to end. */
import { readdirSync, readFileSync } from "node:fs";
import { aFlow, nothingIsLeftOf, until } from "@maxq/test-kit";
import { expect } from "chai";
import { aRun, aServer, ask } from "./start.js";

const flow = `[ -n "$MAXQ_COMPLETED_STAGE$MAXQ_FAILED_STAGE" ] || echo '{"stage":"s","final":true,"steps":[{"name":"work"}]}'`;

/** A server of which a step runs and the launcher does not. */
async function aServerWithAFrozenLauncher() {
  const { root } = aFlow("endless", { flow, steps: { work: "exec sleep 1000" } });
  const { server, url } = await aServer(["--flows", root, "--drain-ms", "100", "--abort-grace-ms", "100"]);
  const id = await aRun(url, "endless");
  await until("it runs", async () => (await ask(url, `/runs/${id}/steps`)).data[0]?.status === "running");
  const [launcher] = readdirSync(`/proc/${server.pid}/task`)
    .flatMap((thread) => readFileSync(`/proc/${server.pid}/task/${thread}/children`, "utf8").split(" "))
    .filter((pid) => pid !== "")
    .map(Number);
  process.kill(launcher!, "SIGSTOP");
  return { server, url, id };
}

describe("a launcher that is frozen", function () {
  it("is killed when a run is aborted: the run ends, and others go on", async () => {
    const { server, url, id } = await aServerWithAFrozenLauncher();
    await fetch(`${url}/runs/${id}/abort`, { method: "POST" });
    await until("it is aborted", async () => (await ask(url, `/runs/${id}`)).status === "aborted");
    const next = await aRun(url, "endless");
    await until(
      "the next runs",
      async () => (await ask(url, `/runs/${next}/steps`)).data[0]?.status === "running",
    );
    await server.stop("SIGTERM");
    await nothingIsLeftOf(server.mark);
  });

  it("does not keep the server from stopping", async () => {
    const { server } = await aServerWithAFrozenLauncher();
    expect(await server.stop("SIGTERM")).to.deep.equal({ code: 0, signal: null });
    await nothingIsLeftOf(server.mark);
  });
});
