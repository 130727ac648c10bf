import { execFileSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  watch,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { expect } from "chai";
import { InputFiles } from "../../src/files/input-files.js";
import { until } from "../processes.js";
import { withoutPrivileges } from "../without-privileges.js";
import { tooDeepTree } from "./too-deep-tree.js";

/** Files are not looked at again for so many ms. */
async function laterThan(ms: number): Promise<void> {
  const begin = performance.now();
  while (performance.now() - begin <= ms) await new Promise((resolve) => setTimeout(resolve, ms));
}

describe("input files", () => {
  let directory: string;
  before(() => {
    directory = mkdtempSync(join(tmpdir(), "maxq-executor-"));
  });
  after(() => rmSync(directory, { recursive: true }));

  it("are written once a run, whoever asks at the same time, for this user only", async () => {
    let loads = 0;
    const files = new InputFiles(directory, (runId) =>
      Promise.resolve(`{"run":"${runId}","load":${++loads}}`),
    );
    const paths = await Promise.all(["a", "a", "b", "a"].map(async (run) => files.pathOf(run)));
    expect(paths[1]).to.equal(paths[0]);
    expect(files.pathOf("a")).to.equal(paths[0]);
    expect(paths[2]).not.to.equal(paths[0]);
    expect(readFileSync(paths[0]!, "utf8")).to.equal('{"run":"a","load":1}');
    expect(statSync(paths[0]!).mode & 0o777).to.equal(0o600);
    expect(loads).to.equal(2);
  });

  it("stay below the directory, whatever a run is called", async () => {
    const files = new InputFiles(directory, () => Promise.resolve("{}"));
    expect(await files.pathOf("../../etc/passwd")).to.match(
      new RegExp(`^${directory}/[0-9]+-[0-9a-f]+\\.json$`),
    );
  });

  it("of a predecessor are kept for runs that go on, and never written over", async () => {
    const before = new InputFiles(directory, () => Promise.resolve("1"));
    const [kept, other] = [await before.pathOf("kept"), await before.pathOf("other")];
    const after = new InputFiles(directory, () => Promise.resolve("2"));
    after.inherit(["kept"]);
    expect(await after.pathOf("kept")).to.equal(kept);
    expect(await after.pathOf("other")).not.to.equal(other);
    expect([existsSync(kept), existsSync(other)]).to.deep.equal([true, false]);
    after.forget("kept");
    await until("it is gone", () => !existsSync(kept));
  });

  it("go when the run is forgotten, even while they are being written", async () => {
    const files = new InputFiles(directory, () => Promise.resolve("{}"));
    const written = await files.pathOf("a");
    files.forget("a");
    const writing = files.pathOf("b");
    files.forget("b");
    const late = await writing;
    await until("both are gone", () => !existsSync(written) && !existsSync(late));
  });

  it("go when the run is forgotten, also where a script made a folder of one", async () => {
    const files = new InputFiles(directory, () => Promise.resolve("{}"));
    const path = await files.pathOf("a");
    rmSync(path);
    mkdirSync(join(path, "folder"), { recursive: true });
    files.forget("a");
    expect(existsSync(path)).to.equal(false);
  });

  it("are tried again after a failure", async () => {
    let fail = true;
    const files = new InputFiles(directory, () =>
      fail ? Promise.reject(new Error("away")) : Promise.resolve("1"),
    );
    const failure = await Promise.resolve(files.pathOf("a")).catch((error: unknown) => error);
    expect(failure).to.be.instanceOf(Error);
    fail = false;
    expect(readFileSync(await files.pathOf("a"), "utf8")).to.equal("1");
  });

  it("are written again where a script changed, replaced, moved or removed them, or their folder", async () => {
    const own = mkdtempSync(join(directory, "own-"));
    const files = new InputFiles(own, () => Promise.resolve('{"whole":true}'));
    const path = await files.pathOf("a");
    for (const change of [
      () => writeFileSync(path, "tampered"),
      () => renameSync(path, join(directory, "taken.json")),
      () => {
        rmSync(path);
        writeFileSync(path, "other");
      },
      () => {
        rmSync(path);
        mkdirSync(join(path, "folder"), { recursive: true });
      },
      () => rmSync(path),
      () => rmSync(own, { recursive: true }),
    ]) {
      change();
      await laterThan(1);
      expect(await files.pathOf("a"), String(change)).to.equal(path);
      expect(readFileSync(path, "utf8"), String(change)).to.equal('{"whole":true}');
      await until("it is known again", () => files.pathOf("a") === path);
    }
  });

  it("are there all the time while they are written again: the new one takes the old one's place", async () => {
    const own = mkdtempSync(join(directory, "own-"));
    const files = new InputFiles(own, () => Promise.resolve("{}"));
    const path = await files.pathOf("a");
    writeFileSync(path, "tampered");
    await laterThan(1);
    const heard: (string | null)[] = [];
    const watcher = watch(own, (event, name) => event === "rename" && heard.push(name));
    await files.pathOf("a");
    writeFileSync(join(own, "last"), "");
    await until("all that happened is heard of", () => heard.includes("last"));
    watcher.close();
    expect(readFileSync(path, "utf8")).to.equal("{}");
    expect(heard.filter((name) => name === basename(path))).to.have.length(1);
  });

  it("are written again where a script left a closed folder, or anything beside them", () =>
    withoutPrivileges(async () => {
      const own = mkdtempSync(join(tmpdir(), "maxq-executor-"));
      const files = new InputFiles(own, () => Promise.resolve("{}"));
      const path = await files.pathOf("a");
      rmSync(path);
      mkdirSync(join(path, "folder"), { recursive: true });
      chmodSync(path, 0o000);
      symlinkSync("/nonexistent/x", `${path}.new`);
      await laterThan(1);
      expect(await files.pathOf("a")).to.equal(path);
      expect(readFileSync(path, "utf8")).to.equal("{}");
      rmSync(own, { recursive: true });
    }));

  it("have another name where a script left what cannot be removed, also for the scripts after the next", async () => {
    const own = mkdtempSync(join(directory, "own-"));
    const files = new InputFiles(own, () => Promise.resolve("{}"));
    const path = await files.pathOf("a");
    rmSync(path);
    mkdirSync(path);
    tooDeepTree(path);
    await laterThan(1);
    const other = await files.pathOf("a");
    expect([other === path, readFileSync(other, "utf8")]).to.deep.equal([false, "{}"]);
    await until("it is known", () => files.pathOf("a") === other);
    execFileSync("rm", ["-rf", own]);
  });
});
