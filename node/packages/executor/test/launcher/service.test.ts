import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { nativeLauncherPath } from "../../src/index.js";
import { launcherPid } from "../processes.js";
import { Workshop } from "../workshop.js";

describe("choosing a launcher", () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "maxq-executor-"));
  });
  after(() => rmSync(directory, { recursive: true }));

  async function kindWith(native: string): Promise<string> {
    const workshop = await Workshop.open("native", { launcher: "auto", launcherFiles: { native } });
    await workshop.close();
    return workshop.runner.launcher;
  }

  it("takes the native one where it works", async () => {
    expect(await kindWith(nativeLauncherPath())).to.equal("native");
  });

  it("takes the Node one where the native one is missing, or does not run", async () => {
    expect(await kindWith(join(directory, "missing"))).to.equal("node");
    const broken = join(directory, "broken");
    writeFileSync(broken, "#!/bin/sh\nexit 1\n");
    chmodSync(broken, 0o755);
    expect(await kindWith(broken)).to.equal("node");
  });

  it("fails where only the native one will do and there is none", async () => {
    const options = { launcherFiles: { native: join(directory, "missing") } };
    const failure = await Workshop.open("native", options).catch((error: unknown) => error);
    expect(String(failure)).to.match(/No launcher works here: build the native one/);
  });

  it("goes over to the Node one when the native one is lost and does not come back", async () => {
    const native = join(directory, "maxq-launcher");
    copyFileSync(nativeLauncherPath(), native);
    const workshop = await Workshop.open("native", { launcher: "auto", launcherFiles: { native } });
    workshop.script("a", "exit 0");
    rmSync(native);
    process.kill(launcherPid("native"), "SIGKILL");
    let reasons = "";
    for (let tries = 0; tries < 5 && !reasons.endsWith("exited "); tries++) {
      reasons += `${(await workshop.start("a").ended).end.reason} `;
    }
    await workshop.close();
    expect(reasons).to.match(/^(lost )?unable exited $/);
    expect(workshop.runner.launcher).to.equal("node");
  });
});
