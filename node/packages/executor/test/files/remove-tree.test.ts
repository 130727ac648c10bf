import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { removeTree } from "../../src/files/remove-tree.js";
import { withoutPrivileges } from "../without-privileges.js";

describe("what a script left", () => {
  for (const mode of [0o500, 0o000])
    it(`is removed although its folders have the mode ${mode.toString(8)}, and what its links lead to is left alone`, () =>
      withoutPrivileges(async () => {
        const root = mkdtempSync(join(tmpdir(), "maxq-executor-"));
        const [tree, other] = [join(root, "tree"), join(root, "other")];
        for (const folder of [tree, other]) mkdirSync(join(folder, "a", "b"), { recursive: true });
        writeFileSync(join(tree, "a", "b", "file"), "");
        symlinkSync(other, join(tree, "a", "link"));
        chmodSync(other, 0o500);
        for (const folder of ["a/b", "a", ""]) chmodSync(join(tree, folder), mode);
        expect(await removeTree(tree)).to.equal(null);
        expect([existsSync(tree), existsSync(join(other, "a", "b"))]).to.deep.equal([false, true]);
        expect(statSync(other).mode & 0o777).to.equal(0o500);
        chmodSync(other, 0o700);
        rmSync(root, { recursive: true });
      }));

  it("may be gone already", async () => {
    expect(await removeTree("/nonexistent/x")).to.equal(null);
  });
});
