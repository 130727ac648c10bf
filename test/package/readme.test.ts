/** The README of the npm package, laid out from a build. */
import { aFolder } from "@maxq/test-kit";
import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const stage = join(import.meta.dirname, "..", "..", "scripts", "pack", "stage.mjs");

describe("the README in the npm package", () => {
  it("links to nothing that is not in the package", () => {
    const folder = aFolder("stage");
    execFileSync(process.execPath, [stage, folder]);
    const text = readFileSync(join(folder, "README.md"), "utf8");
    const paths = [...text.matchAll(/\]\((?!\w+:|#)([^)#]+)/g)].map(([, path]) => path!);
    expect(paths).not.to.deep.equal([]);
    expect(paths.filter((path) => !existsSync(join(folder, path)))).to.deep.equal([]);
    expect(text).to.contain("| db-postgres ");
  });
});
