import { expect } from "chai";
import { isAlive } from "../processes.js";
import { onBothLaunchers } from "../workshop.js";

onBothLaunchers("the end of a script", (workshop) => {
  it("is its exit: a background process that holds its pipes does not hold it, and is gone afterwards", async () => {
    workshop().tiny("holds-pipe-open");
    const { end, stdout } = await workshop().start("holds-pipe-open", {
      env: { PIDS: workshop().file("pids") },
    }).ended;
    const [pid] = await workshop().pidsIn("pids");
    expect(isAlive(pid!)).to.equal(false);
    expect(end).to.deep.equal({ reason: "exited", exitCode: 0 });
    expect(stdout.text).to.equal("done\n");
  });

  it("is its exit, even if it closed its output long before", async () => {
    workshop().script("a", "exec >&- 2>&-; sleep 0.1; exit 5");
    const { end, durationMs } = await workshop().start("a").ended;
    expect(end).to.deep.equal({ reason: "exited", exitCode: 5 });
    expect(durationMs).to.be.at.least(100);
  });

  it("brings what it wrote last", async () => {
    workshop().script("a", "head -c 60000 /dev/zero | tr '\\0' x; echo; echo last words");
    const { stdout } = await workshop().start("a").ended;
    expect(stdout.bytes).to.equal(60_012);
    expect(stdout.text).to.match(/x\nlast words\n$/);
  });

  it("brings what it wrote to $MAXQ_OUTPUT", async () => {
    workshop().script("a", 'echo "$WORDS" >"$MAXQ_OUTPUT"');
    const ends = ["one", "two"].map((words) => workshop().start("a", { env: { WORDS: words } }).ended);
    expect((await ends[0]!).output).to.deep.equal({ text: "one\n", tooLarge: false });
    expect((await ends[1]!).output).to.deep.equal({ text: "two\n", tooLarge: false });
  });

  for (const [what, script, fault] of [
    ["a FIFO", 'mkfifo "$MAXQ_OUTPUT"', "it is no regular file"],
    ["a directory", 'mkdir -p "$MAXQ_OUTPUT/x"', "it is no regular file"],
    ["a link", 'echo x >real; ln -s "$PWD/real" "$MAXQ_OUTPUT"', "it is a link, which is not followed"],
  ] as const)
    it(`is not held up by an output that is ${what}, and says that it could not be read`, async () => {
      workshop().script("a", script);
      const { output } = await workshop().start("a").ended;
      expect(output).to.deep.equal({ text: "", tooLarge: false, fault });
    });

  it("is never exit 0 because it was only stopped, as one is that asked to be traced, and nothing of it is left", async () => {
    const traceme =
      "import ctypes, os; ctypes.CDLL(None).ptrace(0, 0, 0, 0); os.kill(os.getpid(), 5); os._exit(7)";
    workshop().script("a", `echo $$ >"$PIDS"; exec python3 -c '${traceme}'`);
    const { end } = await workshop().start("a", { env: { PIDS: workshop().file("pids") } }).ended;
    expect(end).to.deep.equal({ reason: "signaled", signal: "SIGKILL" });
    const [pid] = await workshop().pidsIn("pids");
    expect(isAlive(pid!)).to.equal(false);
  });
});
