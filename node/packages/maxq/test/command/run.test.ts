import { execFileSync } from "node:child_process";
import { createWriteStream, existsSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aFlow, aFolder, nothingIsLeftOf, startProgram, until } from "@maxq/test-kit";
import { expect } from "chai";
import { command, maxq } from "./start.js";

const once = (document: string): string =>
  `[ -n "$MAXQ_COMPLETED_STAGE$MAXQ_FAILED_STAGE" ] || echo '${document}'`;

/** What MaxQ left in a folder for temporary files; tsx, which only the tests use, keeps a cache there. */
function madeIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => !name.startsWith("tsx"));
}

describe("maxq run", () => {
  it("runs a flow to its end: 0, a line a step, and the last output if asked", async () => {
    const flow = once(`{"stage":"s","final":true,"steps":[{"name":"a"},{"name":"b","dependsOn":["a"]}]}`);
    const steps = { a: "echo from a", b: "echo first; echo second" };
    const { root } = aFlow("fine", { flow, steps });
    const temporary = aFolder("tmp");
    const program = maxq(["run", "fine", "--flows", root, "--show-output"], { env: { TMPDIR: temporary } });
    expect((await program.ended).code).to.equal(0);
    expect(program.output()).to.match(
      /✔ s\.a \(.*\): from a[^]*✔ s\.b \(.*\): second[^]*✔ stage s[^]*✔ fine completed in/,
    );
    expect(program.output()).to.contain("first\nsecond\n");
    expect(madeIn(temporary)).to.deep.equal([]);
    await nothingIsLeftOf(program.mark);
  });

  it("shows why a flow failed: 1, with the problem and the end of stderr", async () => {
    const flow = once(`{"stage":"s","final":true,"steps":[{"name":"moon"}]}`);
    const { directory } = aFlow("bad", { flow, steps: { moon: "echo cannot reach the moon >&2; exit 4" } });
    const program = maxq(["run", directory]);
    expect((await program.ended).code).to.equal(1);
    expect(program.output())
      .to.contain("✘ s.moon")
      .and.contain("exited with code 4")
      .and.contain("  | cannot reach the moon");
  });

  it("keeps what a script wrote for a terminal from moving the cursor of who reads why it failed", async () => {
    const flow = String.raw`printf '\033[31m1 failing\033[0m\033]0;title\007\n\033[2Jthe end\n' >&2; printf '{"stage":"a\033[31m'`;
    const { directory } = aFlow("paints", { flow });
    const program = maxq(["run", directory]);
    expect((await program.ended).code).to.equal(1);
    expect(program.output()).to.contain(`{"stage":"a`).and.contain("  | 1 failing\n  | the end\n");
    expect(program.output()).not.to.match(/[\x00-\x09\x0b-\x1f]/);
  });

  it("shows what flow.sh said when that failed", async () => {
    const { directory } = aFlow("bad-flow", { flow: "echo the flow itself is broken >&2; exit 3" });
    const program = maxq(["run", directory]);
    expect((await program.ended).code).to.equal(1);
    expect(program.output()).to.contain("  | the flow itself is broken");
  });

  it("quotes the script that the run failed for, not one that failed before it and was allowed to", async () => {
    const steps = { soft: "echo harmless >&2; exit 1", hard: "echo the cause >&2; exit 9" };
    const first = `{"stage":"a","steps":[{"name":"soft","allowFailure":true}]}`;
    for (const [then, cause] of [
      [`echo '{"stage":"b","steps":[{"name":"hard"}]}'`, "hard (b.hard)"],
      ["echo the cause >&2; exit 5", "flow.sh (flow:2)"],
    ] as const) {
      const flow = `case "$MAXQ_COMPLETED_STAGE$MAXQ_FAILED_STAGE" in "") echo '${first}';; a) ${then};; esac`;
      const { directory } = aFlow("allows", { flow, steps });
      const program = maxq(["run", directory]);
      expect((await program.ended).code).to.equal(1);
      expect(program.output())
        .to.contain(`The end of what ${cause} wrote to stderr:\n  | the cause\n`)
        .and.not.contain("| harmless");
    }
  });

  it("quotes no script where the run failed for its own timeout", async () => {
    const flow = `case "$MAXQ_COMPLETED_STAGE" in "") echo '{"stage":"a","steps":[{"name":"soft","allowFailure":true}]}';; *) sleep 1000;; esac`;
    const { directory } = aFlow("slow", { flow, steps: { soft: "echo harmless >&2; exit 1" } });
    const program = maxq(["run", directory, "--timeout", "1s"]);
    expect((await program.ended).code).to.equal(124);
    expect(program.output()).to.contain("took longer than its timeoutMs").and.not.contain("| harmless");
  });

  it("aborts on Ctrl-C: 130, and no process is left", async () => {
    const flow = once(`{"stage":"s","final":true,"steps":[{"name":"endless","instances":3}]}`);
    const started = join(aFolder("witness"), "started");
    const { directory } = aFlow("endless", {
      flow,
      steps: { endless: `touch ${started}; setsid sleep 1000 & sleep 1000` },
    });
    const temporary = aFolder("tmp");
    const program = maxq(["run", directory], { env: { TMPDIR: temporary } });
    await until("a step runs", () => existsSync(started));
    expect(await program.stop("SIGINT")).to.deep.equal({ code: 130, signal: null });
    expect(program.output()).to.contain("aborted");
    await nothingIsLeftOf(program.mark);
    expect(madeIn(temporary)).to.deep.equal([]);
  });

  it("hands the input on, from the command line and from a file", async () => {
    const flow = `cat "$MAXQ_INPUT" >&2; exit 7`;
    const { directory } = aFlow("input", { flow });
    const file = join(aFolder("input"), "input.json");
    writeFileSync(file, `{"from": "file"}`);
    for (const [input, seen] of [
      [`{"from":"line"}`, "line"],
      [`@${file}`, "file"],
    ] as const) {
      const program = maxq(["run", directory, "--input", input]);
      await program.ended;
      expect(program.output()).to.contain(`| {"from":"${seen}"}`);
    }
  });

  it("reads its input to the end from standard input, also where that has nothing to read yet", async () => {
    const { directory } = aFlow("late", { flow: `tr -d ' ' < "$MAXQ_INPUT" >&2; exit 7` });
    const fifo = join(aFolder("input"), "fifo");
    execFileSync("mkfifo", [fifo]);
    // Node leaves standard input non-blocking for whoever has it next when it is killed.
    const nonBlocking = `${process.execPath} -e 'process.stdin.resume(); setImmediate(() => process.kill(process.pid, "SIGKILL"))'`;
    const line = `exec < ${fifo}; ${nonBlocking}; exec ${command} run ${directory} --input @-`;
    const env = { MAXQ_NONE: "said right before the input is read" };
    const program = startProgram({ command: "sh", args: ["-c", line], env });
    const input = createWriteStream(fifo);
    await program.waitForOutput(/MAXQ_NONE is no setting/);
    // More than a pipe holds: when it is written, some of it has been read.
    await new Promise((written) => input.write(" ".repeat(1_000_000), written));
    input.end(`{"from":"stdin"}`);
    await program.ended;
    expect(program.output()).to.contain(`| {"from":"stdin"}`);
  });

  it("keeps the database where --data-dir says", async () => {
    const { directory } = aFlow("kept", { flow: once(`{"stage":"s","final":true,"steps":[]}`) });
    const dataDir = join(aFolder("data"), "deep");
    const program = maxq(["run", directory, "--data-dir", dataDir]);
    expect((await program.ended).code).to.equal(0);
    expect(existsSync(join(dataDir, "maxq.db"))).to.equal(true);
  });

  it("ends with 2 when it is called wrongly: no flow, input that is no JSON or more than JavaScript can hold, a flow that there is not", async () => {
    const { root, directory } = aFlow("there", { flow: "true" });
    const without = aFolder("without-flow.sh");
    const huge = "has a number that is too large for JavaScript. Send it as text.";
    const file = join(aFolder("input"), "huge.json");
    writeFileSync(file, "[-1e999]");
    for (const [args, message] of [
      [["run"], "missing required argument"],
      [["run", directory, "--input", "{x"], "--input is not JSON"],
      [["run", directory, "--input", "@/does/not/exist"], "cannot be read"],
      [["run", directory, "--input", "1e999"], `--input ${huge}`],
      [["run", directory, "--input", `{"a":1e400}`], `--input ${huge}`],
      [["run", directory, "--input", `@${file}`], `${file} ${huge}`],
      [["run", "absent", "--flows", root], "There are: there."],
      [["run", without], `${join(without, "flow.sh")} does not exist`],
    ] as const) {
      const program = maxq(args);
      expect((await program.ended).code).to.equal(2);
      expect(program.output()).to.contain(message);
    }
  });
});
