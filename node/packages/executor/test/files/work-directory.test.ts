import { existsSync, mkdtempSync, rmSync } from "node:fs";
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
});
