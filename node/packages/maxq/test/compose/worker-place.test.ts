import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aFolder } from "@maxq/test-kit";
import { expect } from "chai";
import { maxq } from "../command/start.js";

describe("a worker's place in the data directory", () => {
  it("that cannot be made or written is named, with what is wrong and what to do", async () => {
    const file = aFolder("data");
    writeFileSync(join(file, "workers"), "");
    const unwritable = aFolder("data");
    mkdirSync(join(unwritable, "workers", "1", "owner.json.new"), { recursive: true });
    for (const [dataDir, why] of [
      [file, "ENOTDIR"],
      [unwritable, "EISDIR"],
    ] as const) {
      const server = maxq(["--port", "0", "--data-dir", dataDir]);
      expect((await server.ended).code).to.equal(1);
      const wanted = new RegExp(
        `maxq: The data directory ${dataDir} cannot be written \\(${why}.*MAXQ_DATA_DIR`,
      );
      expect(server.output()).to.match(wanted);
    }
  });

  it("below /proc, where no folder can be made, ends the start, which would last for ever", async () => {
    const server = maxq(["--port", "0", "--data-dir", "/proc/maxq/data"]);
    expect((await server.ended).code).to.equal(1);
    expect(server.output()).to.match(
      /maxq: The folder \/proc\/maxq\/data of the database cannot be made \(ENOENT.*MAXQ_DATA_DIR/,
    );
  });
});
