import { randomInt } from "node:crypto";
import { mkdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Below the ports that systems hand out by themselves: no connection, and no listener at port 0, comes to have one of these. */
const FIRST = 10_000;
const END = 32_000;
/** Claims of runs that were killed are no longer heeded. */
const STALE_MS = 3_600_000;

const claims = join(tmpdir(), `maxq-test-ports-${process.getuid?.() ?? 0}`);
const own: string[] = [];
process.once("exit", () => {
  for (const claim of own) rmSync(claim, { force: true });
});

/**
 * A TCP port of the loopback address that nobody has, and that is this process's until it ends: no other call answers it, of this process or of others that test
 * beside it. A server that is started there later, and again after a kill, does not meet another one.
 */
export async function aFreePort(): Promise<number> {
  mkdirSync(claims, { recursive: true });
  for (;;) {
    const port = randomInt(FIRST, END);
    if (claim(join(claims, `${port}`)) && (await isFree(port))) return port;
  }
}

function claim(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: "wx" });
    own.push(file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const age = Date.now() - (statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? Date.now());
    if (age > STALE_MS) rmSync(file, { force: true });
    return false;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen(port, "127.0.0.1", () => server.close(() => resolve(true)));
  });
}
