import { aFolder, startProgram } from "@maxq/test-kit";
import { expect } from "chai";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const outOfFiles = fileURLToPath(new URL("./out-of-files.mjs", import.meta.url));

describe("what a script left at $MAXQ_OUTPUT", () => {
  it("is read once the machine has a file descriptor again", async () => {
    const command = 'ulimit -n 64; exec "$0" "$@"';
    const args = ["-c", command, process.execPath, outOfFiles, join(aFolder("output"), "written")];
    const program = startProgram({ command: "bash", args });
    expect(await program.ended, program.output()).to.deep.equal({ code: 0, signal: null });
    expect(program.output().trim().split("\n")).to.deep.equal([
      "EMFILE",
      '{"text":"a=1\\n","tooLarge":false}',
    ]);
  });
});
