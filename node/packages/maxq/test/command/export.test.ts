import { execFileSync } from "node:child_process";
import {
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { aFlow, aFolder, startProgram, until, type Program } from "@maxq/test-kit";
import { expect } from "chai";
import { inside, type Answered } from "./inside.js";
import { aServer, ask, command } from "./start.js";

const last = `[ -n "$MAXQ_COMPLETED_STAGE$MAXQ_FAILED_STAGE" ] || echo '{"stage":"s","final":true,"steps":[]}'`;

describe("maxq export --output", () => {
  let server: Program;
  let url: string;
  let id: string;
  let folder: string;
  before(async () => {
    const { root } = aFlow("small", { flow: last });
    ({ server, url } = await aServer(["--data-dir", aFolder("data"), "--flows", root]));
    // More than a pipe holds.
    const body = JSON.stringify({ input: "x".repeat(300_000) });
    const headers = { "Content-Type": "application/json" };
    const made = await fetch(`${url}/flows/small/runs`, { method: "POST", headers, body });
    ({ id } = (await made.json()) as { id: string });
    await until("it is over", async () => (await ask(url, `/runs/${id}`)).status === "completed");
  });
  after(() => server.stop());
  beforeEach(() => (folder = aFolder("export")));

  function exportTo(file: string, server = url): Promise<Answered> {
    return inside(["export", id, "--output", file], { MAXQ_URL: server });
  }

  function expectWhole(text: string): void {
    expect(JSON.parse(text)).to.have.nested.property("run.id", id);
  }

  it("follows links to the file that it replaces, or makes", async () => {
    mkdirSync(join(folder, "below"));
    symlinkSync("below", join(folder, "folder"));
    writeFileSync(join(folder, "there"), "what was there");
    symlinkSync("../there", join(folder, "below/to-there"));
    symlinkSync("../not-yet", join(folder, "below/to-nothing"));
    for (const [link, target] of [
      ["folder/to-there", "there"],
      ["folder/to-nothing", "not-yet"],
    ] as const) {
      expect((await exportTo(join(folder, link))).code, link).to.equal(0);
      expect(lstatSync(join(folder, link)).isSymbolicLink(), link).to.equal(true);
      expectWhole(readFileSync(join(folder, target), "utf8"));
      expect(statSync(join(folder, target)).mode & 0o777).to.equal(0o600);
    }
    // Nothing is left of the writing.
    expect(readdirSync(folder)).to.have.members(["below", "folder", "there", "not-yet"]);
    expect(readdirSync(join(folder, "below"))).to.have.length(2);
  });

  it("does not write through a link that others planted under a name that they could foretell", async () => {
    const victim = join(folder, "victim");
    writeFileSync(victim, "what was there");
    symlinkSync("victim", join(folder, `run.json.${process.pid}.part`));
    expect((await exportTo(join(folder, "run.json"))).code).to.equal(0);
    expect(readFileSync(victim, "utf8").slice(0, 20)).to.equal("what was there");
    expect(lstatSync(join(folder, "run.json")).isFile()).to.equal(true);
    expectWhole(readFileSync(join(folder, "run.json"), "utf8"));
  });

  it("writes into what is no regular file, and leaves it as it is", async () => {
    const fifo = join(folder, "fifo");
    execFileSync("mkfifo", [fifo]);
    const reader = startProgram({ command: "cat", args: [fifo] });
    expect((await exportTo(fifo)).code).to.equal(0);
    expect(lstatSync(fifo).isFIFO()).to.equal(true);
    await reader.ended;
    expectWhole(reader.output());
  });

  it("does not mind that who reads a FIFO has read enough", async () => {
    const fifo = join(folder, "fifo");
    execFileSync("mkfifo", [fifo]);
    const reader = startProgram({ command: "head", args: ["-c", "1", fifo] });
    expect((await exportTo(fifo)).code).to.equal(0);
    expect((await reader.ended).code).to.equal(0);
  });

  it("writes to its standard output by a name that leads there", async () => {
    const link = join(folder, "stdout");
    symlinkSync("/proc/self/fd/1", link);
    const line = `${command} export ${id} --output ${link} | cat; echo "into $(readlink ${link})"`;
    const program = startProgram({ command: "sh", args: ["-c", line], env: { MAXQ_URL: url } });
    expect((await program.ended).code).to.equal(0);
    expect(program.output()).to.contain(`"format":"maxq-run/1"`).and.contain("into /proc/self/fd/1");
  });

  it("refuses a name that no file can have before it asks a server", async () => {
    for (const [file, message] of [
      ["", "The name of the output file is empty."],
      [folder, `${folder} is a folder`],
      [join(folder, "new/"), "new/ is a folder"],
      [join(folder, "missing/run.json"), `cannot be written: ENOENT`],
    ] as const) {
      const { code, err } = await exportTo(file, "http://127.0.0.1:9");
      expect(err, file).to.contain(message);
      expect(code, file).to.equal(2);
    }
    expect(readdirSync(folder)).to.deep.equal([]);
  });
});
