import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { aFolder } from "@maxq/test-kit";
import { expect } from "chai";
import { command, maxq } from "./start.js";

describe("a SQLite database of another user", function () {
  before(function () {
    if (process.getuid?.() !== 0) this.skip();
  });

  async function aDatabase(mode: number): Promise<string> {
    const folder = aFolder("owner");
    chmodSync(folder, 0o755);
    const data = join(folder, "data");
    mkdirSync(data, { mode });
    const migrated = maxq(["migrate", "-d", data]);
    expect((await migrated.ended).code, migrated.output()).to.equal(0);
    return data;
  }

  async function asNobody(program: string, args: readonly string[], env = {}): Promise<[number, string]> {
    const PATH = process.env.PATH;
    const child = spawn(program, args, { uid: 65534, gid: 65534, cwd: "/", env: { PATH, ...env } });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (text: Buffer) => (output += text.toString()));
    const [code] = (await once(child, "close")) as [number];
    return [code, output];
  }

  for (const args of [["key"], ["verify"], ["migrate", "status"]])
    it(`is told by maxq ${args.join(" ")} as one that cannot be read, whether its folder or the file is private`, async () => {
      for (const mode of [0o700, 0o755]) {
        const data = await aDatabase(mode);
        const [code, output] = await asNobody(command, [...args, "-d", data]);
        expect(code).to.equal(1);
        expect(output)
          .to.match(/^maxq: The database .*maxq\.db cannot be used by this user: EACCES: permission denied/)
          .and.match(/Run this as the user whose database it is, or name another data directory/);
      }
    });

  for (const args of [["--port", "0"], ["migrate"]])
    it(`keeps maxq ${args[0]!} from working, which says what to do`, async () => {
      const data = await aDatabase(0o700);
      const [code, output] = await asNobody(command, [...args, "-d", data]);
      expect(code).to.equal(1);
      expect(output).to.match(
        /^maxq: .*EACCES: permission denied.*Run this as the user whose database it is/m,
      );
    });
});
