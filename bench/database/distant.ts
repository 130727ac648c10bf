import { aFolder } from "@maxq/test-kit";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import pg from "pg";
import { compile } from "./compile.js";
import type { BenchDatabase } from "./database.js";

/** The way to a database that is further away. */
export interface DistantDatabase {
  readonly database: BenchDatabase;
  /** What `select 1` takes there, in ms: median of 50, after a warm-up. */
  readonly roundTripMs: number;
  close(): Promise<void>;
}

/** Puts so many ms of network (there and back together) before a PostgreSQL database, by a program that `cc` makes here. */
export async function atDistance(database: BenchDatabase, ms: number): Promise<DistantDatabase> {
  const program = join(aFolder("proxy"), "delay-proxy");
  compile("delay-proxy.c", program, []);
  const url = new URL(database.url!);
  const proxy = spawn(program, [url.port, String((ms / 2) * 1000)], { stdio: ["pipe", "pipe", "inherit"] });
  const ended = once(proxy, "exit");
  const [port] = (await once(proxy.stdout, "data")) as [Buffer];
  url.port = port.toString().trim();
  return {
    database: { ...database, url: url.href, env: { ...database.env, MAXQ_DATABASE_URL: url.href } },
    roundTripMs: await roundTrip(url.href),
    close: async () => {
      proxy.stdin.end();
      await ended;
    },
  };
}

async function roundTrip(url: string): Promise<number> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const times: number[] = [];
  for (let n = 0; n < 60; n++) {
    const begin = performance.now();
    await client.query("select 1");
    times.push(performance.now() - begin);
  }
  await client.end();
  return times.slice(10).sort((a, b) => a - b)[25]!;
}
