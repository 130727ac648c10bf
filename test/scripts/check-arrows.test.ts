import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";

const root = join(import.meta.dirname, "..", "..");

function checkArrows(checkout: string): { status: number | null; stderr: string } {
  const script = join(root, "scripts", "check-arrows.ts");
  return spawnSync(process.execPath, ["--import", "tsx", script, checkout], { cwd: root, encoding: "utf8" });
}

describe("check-arrows", () => {
  let checkout: string;

  function aPackage(name: string, source: string, dependencies: Record<string, string> = {}): void {
    const folder = join(checkout, "node", "packages", name);
    mkdirSync(join(folder, "src", "deep"), { recursive: true });
    writeFileSync(join(folder, "package.json"), JSON.stringify({ dependencies }));
    writeFileSync(join(folder, "src", "deep", "index.ts"), source);
  }

  beforeEach(() => {
    checkout = mkdtempSync(join(tmpdir(), "maxq-arrows-"));
  });
  afterEach(() => rmSync(checkout, { recursive: true }));

  it("passes this checkout", () => {
    const { status, stderr } = checkArrows(root);
    expect(stderr).to.equal("");
    expect(status).to.equal(0);
  });

  it("passes arrows that point down", () => {
    aPackage("core", `import { z } from "zod";`);
    aPackage("db", `import type { Run } from "@maxq/core";`, { "@maxq/core": "0.1.0" });
    expect(checkArrows(checkout).status).to.equal(0);
  });

  it("fails when an arrow is turned round", () => {
    aPackage("core", `import type { Store } from "@maxq/db";`);
    aPackage("db", "export {};");
    const { status, stderr } = checkArrows(checkout);
    expect(status).to.equal(1);
    expect(stderr).to.contain("node/packages/core/src/deep/index.ts: core must not import db");
  });

  it("fails on a relative path into another package", () => {
    aPackage("core", "export {};");
    aPackage("http", `const x = await import("../../../scheduler/src/index.js");`);
    expect(checkArrows(checkout).stderr).to.contain("http must not import scheduler");
  });

  it("fails on a declared dependency that points up", () => {
    aPackage("executor", "export {};", { "@maxq/db": "0.1.0" });
    expect(checkArrows(checkout).stderr).to.contain("executor must not import db");
  });

  it("fails on a package that it does not know", () => {
    aPackage("extra", "export {};");
    expect(checkArrows(checkout).stderr).to.contain("extra: no entry");
  });
});
