import { existsSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { makeDirectory } from "../../src/files/make-directory.js";

describe("a directory", () => {
  let root: string;
  before(() => {
    root = mkdtempSync(join(tmpdir(), "maxq-executor-"));
  });
  after(() => rmSync(root, { recursive: true }));

  it("is made with those above it, for this user only, and left alone once it is there", () => {
    const path = join(root, "a", "b", "c");
    makeDirectory(path);
    writeFileSync(join(path, "file"), "");
    makeDirectory(path);
    expect(existsSync(join(path, "file"))).to.equal(true);
    expect(statSync(join(root, "a")).mode & 0o777).to.equal(0o700);
  });

  it("that cannot be made says why, where no directory can be as well as where something is in the way", () => {
    const file = join(root, "file");
    writeFileSync(file, "");
    symlinkSync(join(root, "nowhere", "at", "all"), join(root, "link"));
    expect(() => makeDirectory("/proc/maxq/data")).to.throw("ENOENT");
    expect(() => makeDirectory(file)).to.throw("EEXIST");
    expect(() => makeDirectory(join(file, "a"))).to.throw("ENOTDIR");
    expect(() => makeDirectory(join(root, "link", "a"))).to.throw("EEXIST");
  });
});
