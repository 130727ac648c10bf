import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";

const root = join(import.meta.dirname, "..", "..");

describe("the pages made from the source", () => {
  it("are current", () => {
    const script = join(root, "scripts", "render-docs.ts");
    const flags = ["--import", "tsx", "--conditions=source"];
    const { stderr, status } = spawnSync(process.execPath, [...flags, script, "--check"], {
      cwd: root,
      encoding: "utf8",
    });
    expect(stderr).to.equal("");
    expect(status).to.equal(0);
  });
});
