import { aFolder } from "@maxq/test-kit";
import { expect } from "chai";
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { chmodSync, readdirSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { checkPort } from "../../src/doctor/network.js";
import { inside } from "../command/inside.js";

describe("the doctor", () => {
  it("goes on where the data directory lies below a file, and says what to do", async () => {
    const file = join(aFolder("data"), "file");
    writeFileSync(file, "");
    const args = ["doctor", "--port", "0", "--data-dir", join(file, "data"), "--flows", aFolder("flows")];
    const { code, out } = await inside(args, {});
    expect(code).to.equal(1);
    expect(out).to.contain(
      `✘ Database: SQLite at ${file}/data/maxq.db cannot be made: ${file} is no directory`,
    );
    expect(out).to.contain(
      `✘ Data directory: ${file} is no directory\n    → Make it writable for this user, or name another one`,
    );
    expect(out).to.contain("✔ Launcher").and.contain("! Flows root").and.contain("2 problems found.");
  });

  it("tries whether the data directory can be made, and leaves nothing of that behind", async () => {
    const folder = aFolder("data");
    for (const [dataDir, says] of [
      ["/proc", "✘ Data directory: no directory can be made in /proc (ENOENT"],
      ["/proc/maxq/data", "✘ Data directory: no directory can be made in /proc (ENOENT"],
      [join(folder, "data"), `✔ Data directory: ${folder}/data can be made`],
    ] as const) {
      const { out } = await inside(["doctor", "--port", "0", "--data-dir", dataDir], {});
      expect(out).to.contain(says);
    }
    expect(readdirSync(folder)).to.deep.equal([]);
  });

  it("tries whether anything can be written to the data directory", async function () {
    if (process.getuid?.() !== 0) this.skip();
    const folder = aFolder("full");
    const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", folder]);
    if (mounted.status !== 0) this.skip();
    try {
      expect(() => writeFileSync(join(folder, "all"), Buffer.alloc(1_000_000))).to.throw("ENOSPC");
      const { out } = await inside(["doctor", "--port", "0", "--data-dir", folder], {});
      expect(out).to.match(/✘ Data directory: (nothing can be written|no directory can be made) in .*ENOSPC/);
      expect(readdirSync(folder)).to.deep.equal(["all"]);
    } finally {
      spawnSync("umount", [folder]);
    }
  });

  it("says what to do with a file that is no database", async () => {
    const file = join(aFolder("data"), "file");
    writeFileSync(file, "garbage\n".repeat(1_000));
    const { out } = await inside(["doctor", "--port", "0"], { MAXQ_SQLITE_PATH: file });
    expect(out).to.match(
      /✘ Database: SQLite at .* cannot be used: .*not a database.*\n +→ Put a backup in its place, or move it away/,
    );
  });

  it("takes no key from a file that every user may write", async () => {
    const file = join(aFolder("key"), "key");
    writeFileSync(file, "a-key");
    chmodSync(file, 0o666);
    const { code, err } = await inside(["doctor", "--port", "0"], { MAXQ_API_KEY_FILE: file });
    expect(code).to.equal(2);
    expect(err).to.contain("which every user may write");
  });

  it("wants another address where the host has not the one that is named", async () => {
    expect(await checkPort({ host: "192.0.2.1", port: 41399 })).to.include({
      reason: "problem",
      cure: "Choose an address that this host has (--host, MAXQ_HOST).",
    });
  });

  it("looks at the port of the metrics, which is neither another program's nor the server's own", async () => {
    const other = createServer().listen(0, "127.0.0.1").unref();
    await once(other, "listening");
    const { port } = other.address() as AddressInfo;
    const finding = async (metricsPort: string, serverPort: string) => {
      const { out } = await inside(["doctor", "--port", serverPort], { MAXQ_METRICS_PORT: metricsPort });
      return /. Metrics port: .*/.exec(out)?.[0];
    };
    expect(await finding(String(port), "0")).to.equal(
      `✘ Metrics port: ${port} on 127.0.0.1 is in use by another program`,
    );
    expect(await finding(String(port), String(port))).to.contain(
      `✘ Metrics port: ${port} is the server's own port`,
    );
    expect(await finding("0", "0")).to.equal("✔ Metrics port: 0 on 127.0.0.1 is free");
    expect(await finding("", "0")).to.equal(undefined);
    other.close();
  });
});
