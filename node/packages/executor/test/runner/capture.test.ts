import { expect } from "chai";
import { launcherPid, peakMemory } from "../processes.js";
import { onBothLaunchers } from "../workshop.js";

const MB = 1024 * 1024;

onBothLaunchers("what a script prints", (workshop, kind) => {
  it("is kept as it is up to the cap, each stream by itself", async () => {
    workshop().script("a", `head -c 8192 /dev/zero | tr '\\0' o; printf 'grüße €𝄞' >&2`);
    const { stdout, stderr } = await workshop().start("a").ended;
    expect(stdout).to.deep.equal({ text: "o".repeat(8192), bytes: 8192, truncated: false });
    expect(stderr).to.deep.equal({ text: "grüße €𝄞", bytes: 15, truncated: false });
  });

  it("is cut beyond the cap, with its beginning, its end, and all bytes counted", async () => {
    workshop().script("a", "seq 1 100000");
    const { stdout } = await workshop().start("a").ended;
    expect(stdout.bytes).to.equal(588_895);
    expect(stdout.truncated).to.equal(true);
    expect(stdout.text).to.match(/^1\n2\n3\n[^]*\n\[… \d+ bytes left out …\]\n[^]*\n99999\n100000\n$/);
    expect(Buffer.byteLength(stdout.text)).to.be.within(8000, 8192);
    const [, left] = /\[… (\d+) bytes/.exec(stdout.text)!;
    const kept = stdout.text.replace(/\n\[….*…\]\n/, "");
    expect(Number(left) + Buffer.byteLength(kept)).to.equal(588_895);
  });

  it("is cut between characters", async () => {
    for (const [before, character] of [
      ["", "€"],
      ["x", "€"],
      ["xx", "𝄞"],
      ["", "é"],
    ] as const) {
      workshop().script("a", `printf %s '${before}'; printf '${character}%.0s' $(seq 1 9000)`);
      const { stdout } = await workshop().start("a").ended;
      expect(stdout.text.replace(/\n\[….*…\]\n/, "").replaceAll(character, "")).to.equal(before);
      expect(Buffer.byteLength(stdout.text)).to.be.within(8000, 8192);
    }
  });

  it("may be anything; what is no text becomes U+FFFD, within the cap", async () => {
    workshop().script("a", `printf 'a\\377b\\0c'; head -c 8000 /dev/zero | tr '\\0' '\\377' >&2`);
    const { stdout, stderr } = await workshop().start("a").ended;
    expect(stdout).to.deep.equal({ text: "a\uFFFDb\uFFFDc", bytes: 5, truncated: false });
    expect(Buffer.byteLength(stderr.text)).to.be.at.most(8192);
    expect(stderr.bytes).to.equal(8000);
  });

  it("never blocks it and costs no memory: 200 MB", async () => {
    workshop().script("a", `head -c ${200 * MB} /dev/zero | tr '\\0' x; echo end`);
    const before = process.memoryUsage().rss;
    const { stdout, end } = await workshop().start("a").ended;
    expect(end).to.deep.equal({ reason: "exited", exitCode: 0 });
    expect(stdout.bytes).to.equal(200 * MB + 4);
    expect(stdout.text).to.match(/xend\n$/);
    // This process runs all other tests, too: its heap may grow by some 20 MB at any moment.
    expect(process.memoryUsage().rss - before).to.be.lessThan(100 * MB);
    expect(peakMemory(launcherPid(kind))).to.be.lessThan((kind === "native" ? 4 : 250) * MB);
  });

  it("is kept whole where it is the stdout of a flow call", async () => {
    workshop().flowScript("seq 1 100000");
    const { stdout } = await workshop().call().ended;
    expect(stdout.truncated).to.equal(false);
    expect(stdout.text).to.have.length(588_895);
  });
});
