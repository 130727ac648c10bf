import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join, resolve } from "node:path";
import { Api, eventually } from "./api.js";

const command = resolve(import.meta.dirname, "../../node/packages/maxq/bin/maxq.js");

export interface ServerSettings {
  /** Where to keep state: the variables that name the database. */
  readonly database: Readonly<Record<string, string>>;
  /** Folder for everything else that the server and the scripts write. */
  readonly directory: string;
  readonly flows: string;
  readonly options?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A MaxQ server as a process of its own. Scripts see `TEST_SIGNALS`, a folder for files by which they and the test tell each other things. */
export class Server {
  readonly api: Api;
  readonly signals: string;
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
    directory: string,
    private readonly log: string[],
  ) {
    this.api = new Api(`${url}/api/v1`);
    this.signals = join(directory, "signals");
  }

  /** Starts one on a free port and waits until it is ready. */
  static async start(settings: ServerSettings): Promise<Server> {
    const port = await freePort();
    const signals = join(settings.directory, "signals");
    mkdirSync(signals, { recursive: true });
    const child = spawn(process.execPath, [command, ...(settings.options ?? [])], {
      cwd: settings.directory,
      stdio: ["ignore", "pipe", "pipe"],
      env: {
        PATH: process.env["PATH"],
        HOME: process.env["HOME"],
        MAXQ_PORT: String(port),
        MAXQ_DATA_DIR: join(settings.directory, "data"),
        MAXQ_FLOWS_ROOT: settings.flows,
        TEST_SIGNALS: signals,
        ...settings.database,
        ...settings.env,
      },
    });
    const log: string[] = [];
    child.stdout.setEncoding("utf8").on("data", (text: string) => log.push(text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => log.push(text));
    const server = new Server(child, `http://127.0.0.1:${port}`, settings.directory, log);
    await server.ready();
    return server;
  }

  get pid(): number {
    return this.child.pid!;
  }

  /** Everything it has said so far. */
  get output(): string {
    return this.log.join("");
  }

  private async ready(): Promise<void> {
    await eventually("the server to be ready", async () => {
      if (this.hasEnded()) throw new Error(`The server ended at its start:\n${this.output}`);
      const answer = await fetch(`${this.url}/readyz`).catch(() => null);
      return answer?.status === 200 ? true : null;
    }).catch((error: unknown) => {
      this.child.kill("SIGKILL");
      throw new Error(`${String(error)}\n${this.output}`);
    });
  }

  /** SIGTERM, and its exit code. */
  async stop(): Promise<number | null> {
    return this.end("SIGTERM");
  }

  /** SIGKILL: no chance to clean up. */
  async kill(): Promise<void> {
    await this.end("SIGKILL");
  }

  private async end(signal: NodeJS.Signals): Promise<number | null> {
    if (!this.hasEnded()) {
      const ended = once(this.child, "exit");
      this.child.kill(signal);
      await ended;
    }
    return this.child.exitCode;
  }

  private hasEnded(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }
}

async function freePort(): Promise<number> {
  const listener = createServer().listen(0, "127.0.0.1");
  await once(listener, "listening");
  const { port } = listener.address() as AddressInfo;
  listener.close();
  await once(listener, "close");
  return port;
}
