import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { InputFiles } from "../../src/files/input-files.js";
import { silentLogger } from "../../src/logger.js";
import { keepOutputs, openWorkDirectory } from "../../src/files/work-directory.js";
import { tooDeepTree } from "./too-deep-tree.js";

describe("the folder of the scripts' files", () => {
  it("is made again for what the next script writes when somebody removed it", async () => {
    const root = mkdtempSync(join(tmpdir(), "maxq-executor-"));
    const work = await openWorkDirectory(join(root, "place"));
    rmSync(join(root, "place"), { recursive: true });
    work.restore();
    expect(existsSync(work.outputs)).to.equal(true);
    rmSync(root, { recursive: true });
  });

  it("can be taken over where somebody removed it", async () => {
    const root = mkdtempSync(join(tmpdir(), "maxq-executor-"));
    const work = await openWorkDirectory(root, true);
    const files = new InputFiles(work.inputs, () => Promise.resolve("{}"));
    rmSync(root, { recursive: true });
    files.inherit(["a"]);
    await keepOutputs(work, new Set(["1.1"]));
  });

  it("can be taken over where a script put a file or a link to nowhere in place of what is in it", async () => {
    const root = mkdtempSync(join(tmpdir(), "maxq-executor-"));
    writeFileSync(join(root, "inputs"), "");
    symlinkSync("/nonexistent/x", join(root, "outputs"));
    const { inputs, outputs } = await openWorkDirectory(root, true);
    for (const folder of [inputs, outputs]) expect(readdirSync(folder)).to.deep.equal([]);
    rmSync(root, { recursive: true });
  });

  it("keeps nobody from starting with what cannot be removed: that is put aside, and told of once", async () => {
    const root = mkdtempSync(join(tmpdir(), "maxq-executor-"));
    const warnings: string[] = [];
    const logger = { ...silentLogger, warn: (message: string) => void warnings.push(message) };
    const work = await openWorkDirectory(root, false, logger);
    tooDeepTree(work.outputs);
    await work.remove();
    expect(readdirSync(root)).to.deep.equal(["outputs.left-1"]);
    for (const left of ["outputs.left-2", "outputs.left-3"]) {
      const { outputs } = await openWorkDirectory(root, false, logger);
      expect(readdirSync(outputs)).to.deep.equal([]);
      tooDeepTree(outputs);
      await openWorkDirectory(root, false, logger);
      expect(warnings.at(-1)).to.contain(`It stays in ${join(root, left)}: remove it`);
    }
    expect(warnings).to.have.length(3);
    execFileSync("rm", ["-rf", root]);
  });
});
