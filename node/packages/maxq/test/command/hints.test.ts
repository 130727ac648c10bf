import { execFileSync } from "node:child_process";
import { mkdirSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aFolder, startProgram } from "@maxq/test-kit";
import { expect } from "chai";
import { inside } from "./inside.js";
import { command } from "./start.js";

describe("a command that a message shows", () => {
  const awkward = join(aFolder("hints"), "it's a $folder");
  before(() => mkdirSync(awkward));

  it("runs the flow that maxq init has made, whatever the flows root is called", async () => {
    const { err } = await inside(["init", "hello", "--flows", awkward], {});
    const [, line = ""] = /^Run it: maxq (.*)\n$/.exec(err) ?? [];
    const program = startProgram({ command: "sh", args: ["-c", `exec ${command} ${line}`] });
    expect((await program.ended).code, line).to.equal(0);
    expect(program.output()).to.contain("3 instances have greeted.");
  });

  it("keeps others from the key, whatever its file is called", async () => {
    const file = join(awkward, "the key");
    writeFileSync(file, "k", { mode: 0o644 });
    const { err } = await inside(["runs"], { MAXQ_API_KEY_FILE: file });
    const [, line = ""] = /Run (chmod .*), or give the key as/.exec(err) ?? [];
    execFileSync("sh", ["-c", line]);
    expect(statSync(file).mode & 0o777).to.equal(0o600);
  });
});
