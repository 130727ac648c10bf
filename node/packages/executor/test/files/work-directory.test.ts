import { existsSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { InputFiles } from "../../src/files/input-files.js";
import { keepOutputs, openWorkDirectory } from "../../src/files/work-directory.js";

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
});
