import { expect } from "chai";
import { realpathSync } from "node:fs";
import { onBothLaunchers } from "../workshop.js";

onBothLaunchers("a script", (workshop) => {
  it("leads its own process group and session", async () => {
    workshop().script("a", `echo $$ $(cut -d' ' -f5,6 /proc/$$/stat)`);
    const [pid, group, session] = (await workshop().start("a").ended).stdout.text.trim().split(" ");
    expect([group, session]).to.deep.equal([pid, pid]);
  });

  it("runs in its step's directory; a flow call in the flow's", async () => {
    workshop().script("a", "pwd -P");
    workshop().flowScript("pwd -P");
    const flow = realpathSync(workshop().flow);
    expect((await workshop().start("a").ended).stdout.text).to.equal(`${flow}/steps/a\n`);
    expect((await workshop().call().ended).stdout.text).to.equal(`${flow}\n`);
  });

  it("reads nothing from stdin", async () => {
    workshop().script("a", "cat; readlink /proc/$$/fd/0");
    expect((await workshop().start("a").ended).stdout.text).to.equal("/dev/null\n");
  });

  it("has no signal blocked or ignored", async () => {
    workshop().script("a", "grep -E 'Sig(Blk|Ign)' /proc/self/status | cut -f2 | sort -u");
    expect((await workshop().start("a").ended).stdout.text).to.equal("0000000000000000\n");
  });

  it("ends with its exit code", async () => {
    workshop().script("a", 'exit "$CODE"');
    for (const code of [0, 1, 126, 127, 255]) {
      const { end, killedBy } = await workshop().start("a", { env: { CODE: String(code) } }).ended;
      expect(end).to.deep.equal({ reason: "exited", exitCode: code });
      expect(killedBy).to.equal(null);
    }
  });

  it("ends with the signal that ended it", async () => {
    workshop().script("a", 'kill -s "$SIGNAL" $$; sleep 1000');
    for (const signal of ["KILL", "TERM", "SEGV", "USR1"]) {
      const { end, killedBy } = await workshop().start("a", { env: { SIGNAL: signal } }).ended;
      expect(end).to.deep.equal({ reason: "signaled", signal: `SIG${signal}` });
      expect(killedBy).to.equal(null);
    }
  });

  it("is read anew at each start", async () => {
    for (const word of ["before", "after"]) {
      workshop().script("a", `echo ${word}`);
      expect((await workshop().start("a").ended).stdout.text).to.equal(`${word}\n`);
    }
  });

  it("is told apart from two hundred others that run beside it", async () => {
    workshop().script("a", 'echo "$N"; exit $((N % 200))');
    const ends = await Promise.all(
      Array.from({ length: 200 }, (_, n) => workshop().start("a", { env: { N: String(n) } }).ended),
    );
    for (const [n, { end, stdout }] of ends.entries()) {
      expect(end).to.deep.equal({ reason: "exited", exitCode: n });
      expect(stdout.text).to.equal(`${n}\n`);
    }
  });
});
