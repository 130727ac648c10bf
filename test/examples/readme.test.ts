/** The flow of the README, as it is printed there. */
import { aFolder, startProgram } from "@maxq/test-kit";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { Flows } from "../system/flows.js";

const root = resolve(import.meta.dirname, "../..");
const readme = readFileSync(join(root, "README.md"), "utf8");

/** The scripts of the README: a line that begins with the path in backticks, and the next block of code. */
function scripts(): [path: string, text: string][] {
  const pattern = /^`flows\/(hello\/[\w/.-]+)`.*\n\n```bash\n([^]*?)```$/gm;
  return [...readme.matchAll(pattern)].map(([, path, text]) => [path!, text!]);
}

describe("README", () => {
  it("has a flow that runs by the command which it gives", async () => {
    const flows = new Flows(join(aFolder("readme"), "flows"));
    expect(scripts()).to.have.length(3);
    for (const [path, text] of scripts()) flows.script(path, text);
    const [, ...args] = /^node (\S+maxq\.js) (run hello) --flows (flows)$/m.exec(readme)!;
    expect(args).to.deep.equal(["node/packages/maxq/bin/maxq.js", "run hello", "flows"]);
    const program = startProgram({
      command: process.execPath,
      args: [join(root, args[0]!), "run", "hello", "--flows", "flows", "--show-output"],
      cwd: dirname(flows.root),
    });
    const { code } = await program.ended;
    expect(code, program.output()).to.equal(0);
    expect(program.output()).to.match(/Hello from number 2/);
  });

  it("names only pages that are there", () => {
    const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path]) => path!);
    expect(links.length).to.be.greaterThan(15);
    for (const link of links) expect(() => readFileSync(join(root, link)), link).not.to.throw(/ENOENT/);
  });
});
