import { expect } from "chai";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");

describe("the Dockerfile", () => {
  it("copies the package.json of every package before it installs what they depend on", () => {
    const text = readFileSync(join(root, "docker/Dockerfile"), "utf8");
    const copied = [...text.matchAll(/^COPY (node\/packages\/\S+\/package\.json) /gm)].map(
      ([, file]) => file,
    );
    const all = readdirSync(join(root, "node/packages"))
      .map((name) => `node/packages/${name}/package.json`)
      .filter((file) => existsSync(join(root, file)));
    expect(copied.toSorted()).to.deep.equal(all.toSorted());
  });
});
