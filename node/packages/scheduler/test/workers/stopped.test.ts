import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { isStopped } from "@maxq/test-kit";
import { expect } from "chai";
import { startTime } from "../../src/host/process-identity.js";
import { Site } from "./site.js";

/** Its last sign of life is the time of `alive`. */
const waits =
  'echo $$ > "$SITE/up.$MAXQ_ATTEMPT"; until [ -e "$SITE/go" ]; do : > "$SITE/alive"; sleep 0.01; done';

const LEASE_MS = 3000;

describe("a worker that is stopped past its lease", () => {
  let root: string;
  let child: ChildProcess;
  let site: Site;
  let said = "";

  before(() => {
    root = mkdtempSync(join(tmpdir(), "maxq-scheduler-"));
    new Site({ root }).oneStage("stopped", { steps: [{ id: "a", name: "waits" }] }, { waits });
    const program = fileURLToPath(new URL("stopped-worker.ts", import.meta.url));
    child = spawn(
      process.execPath,
      ["--import=tsx", "--conditions=source", program, root, "stopped", String(LEASE_MS)],
      {
        stdio: ["ignore", "pipe", "inherit"],
      },
    );
    child.stdout!.on("data", (chunk: Buffer) => (said += chunk.toString()));
  });
  after(async () => {
    child.kill("SIGKILL");
    await once(child, "exit");
    await site.close();
    rmSync(root, { recursive: true });
  });

  it("has nothing running when others take over, and changes nothing when it goes on", async () => {
    const first = Number(await new Site({ root }).written("up.1"));
    site = await Site.open({ root, alongside: true, settings: { leaseMs: LEASE_MS } });
    await site.until("it is stopped", () => (isStopped(child.pid!) ? true : null));
    await site.until("its script is dead", () => (startTime(first) === null ? true : null));
    const [stopped] = await site.store.listWorkers();
    const lived = statSync(join(root, "alive")).mtimeMs - stopped!.lastHeartbeatAt;
    expect(lived, "its lease had not ended").to.be.below(LEASE_MS);
    const runId = said.trim();
    expect((await site.steps(runId))[0]).to.deep.include({ status: "running", attempt: 1 });
    await site.worker.start();
    await site.written("up.2");
    expect(isStopped(child.pid!)).to.equal(true);

    child.kill("SIGCONT");
    await site.until("it learns", () => (/came too late|begins anew/.test(said) ? true : null));
    await site.until("it begins anew", async () => ((await liveWorkers(site)) === 2 ? true : null));
    const found = await site.store.getStep(runId, "a");
    expect(found?.step).to.deep.include({ status: "running", attempt: 2 });
    expect(found?.attempts.map(({ reason }) => reason)).to.deep.equal(["worker_lost", null]);
    site.touch("go");
    expect((await site.over(runId)).status).to.equal("completed");
    expect(said).to.contain("An outcome came too late");
  });
});

async function liveWorkers(site: Site): Promise<number> {
  return (await site.store.listLeases(null)).length;
}
