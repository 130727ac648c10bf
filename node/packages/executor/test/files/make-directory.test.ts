import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { makeDirectory, restoreDirectory } from "../../src/files/make-directory.js";
import { withoutPrivileges } from "../without-privileges.js";

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

  for (const mode of [0o500, 0o000])
    for (const taken of ["", "folder"])
      it(`is used again after its mode, or that of the one above, became ${mode.toString(8)}: place/${taken}`, () =>
        withoutPrivileges(() => {
          const place = join(mkdtempSync(join(tmpdir(), "maxq-executor-")), "place");
          const path = join(place, "folder");
          for (const missing of [false, true]) {
            makeDirectory(path);
            chmodSync(place, 0o700);
            if (missing) rmSync(path, { recursive: true });
            if (!missing || taken === "") chmodSync(join(place, taken), mode);
            restoreDirectory(path);
            writeFileSync(join(path, "file"), "");
          }
          chmodSync(place, 0o700);
          rmSync(dirname(place), { recursive: true });
        }));

  it("gives way to one of its own where a script put a link to another one, whose mode stays", () => {
    const [path, other] = [join(root, "linked"), join(root, "other")];
    mkdirSync(other, { mode: 0o500 });
    symlinkSync(other, path);
    restoreDirectory(path);
    expect(lstatSync(path).isDirectory()).to.equal(true);
    expect(statSync(other).mode & 0o777).to.equal(0o500);
  });
});
