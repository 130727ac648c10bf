/** Who reads the log may stop reading: a pager, a terminal after Ctrl-S, a log driver that hangs. The server goes on without it. */
import { aFolder, aFreePort, nothingIsLeftOf, startProgram, until } from "@maxq/test-kit";
import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { closeSync, constants, openSync, readSync } from "node:fs";
import { join } from "node:path";
import { gone, pidIn } from "../system/processes.js";
import { command } from "../system/server.js";

/** More lines of the log than a pipe and a terminal hold. */
const requests = 1_000;

/** A named pipe of which this test is the reader. */
class Pipe {
  readonly path = join(aFolder("pipe"), "pipe");
  text = "";
  readonly #descriptor: number;

  constructor() {
    execFileSync("mkfifo", [this.path]);
    this.#descriptor = openSync(this.path, constants.O_RDONLY | constants.O_NONBLOCK);
  }

  /** Reads all that is there. */
  read(): string {
    const some = Buffer.alloc(65_536);
    try {
      for (let length = -1; length !== 0; this.text += some.toString("utf8", 0, length))
        length = readSync(this.#descriptor, some);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
    }
    return this.text;
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

describe("a server whose log nobody reads", () => {
  const server = 'echo $$ > "$TEST_PID"; exec "$MAXQ"';
  const ways = [
    ["a pipe", `{ ${server}; } > "$TEST_PIPE"`],
    ["a terminal", `script -qfec '${server}' /dev/null > "$TEST_PIPE"`],
  ] as const;
  for (const [what, script] of ways)
    it(`answers, and stops when it is told to: ${what}`, async () => {
      const pipe = new Pipe();
      const directory = aFolder("unread");
      const port = await aFreePort();
      const pidFile = join(directory, "pid");
      const env = { MAXQ_PORT: String(port), MAXQ: command, TEST_PIPE: pipe.path, TEST_PID: pidFile };
      const program = startProgram({ command: "bash", args: ["-c", script], env, cwd: directory });
      const ask = (path: string) => fetch(`http://127.0.0.1:${port}${path}`).catch(() => null);
      await until("the server is ready", async () => (await ask("/readyz"))?.ok);
      for (let i = 0; i < requests; i += 1) expect((await ask("/api/v1/runs"))?.status).to.equal(200);
      if (what === "a pipe") {
        pipe.read();
        await ask("/api/v1/runs");
        expect(pipe.read()).to.include("Lines of the log could not be written");
      }
      const pid = await pidIn(pidFile);
      process.kill(pid, "SIGTERM");
      await gone(pid);
      pipe.close();
      await program.ended;
      await nothingIsLeftOf(program.mark);
    });
});
