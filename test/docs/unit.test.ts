import { aFolder, startProgram } from "@maxq/test-kit";
import { expect } from "chai";
import { readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { command } from "../system/server.js";
import { pageNames, root, thePage } from "./page/all-pages.js";

describe("the systemd unit", () => {
  const file = readFileSync(join(root, "docs/deployment/maxq.service"), "utf8");
  const valueOf = (key: string): string => new RegExp(`^${key}=(.*)$`, "m").exec(file)?.[1] ?? "";

  it("is the one that its page shows", () => {
    const shown = thePage("docs/deployment/systemd.md").fences.find(({ attributes }) =>
      attributes.title?.endsWith("maxq.service"),
    );
    expect(file).to.equal(`${shown!.text}\n`);
  });

  it("names maxq without a folder, as all pages do: npm installs it in /usr/local/bin here and in /usr/bin there", () => {
    expect(valueOf("ExecStart")).to.match(/^maxq /);
    for (const name of pageNames())
      for (const { text } of thePage(name).fences) expect(text, name).not.to.match(/\/bin\/maxq\b/);
  });

  it("is not started again and again where maxq (203, says systemd) or Node (127, says a shell) is missing", async () => {
    const bin = aFolder("bin");
    for (const program of ["dirname", "readlink"]) symlinkSync(`/usr/bin/${program}`, join(bin, program));
    const { code } = await startProgram({ command, env: { PATH: bin } }).ended;
    expect(valueOf("RestartPreventExitStatus").split(" ")).to.include.members(["203", String(code)]);
  });
});
