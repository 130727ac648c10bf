import { aFreePort, nothingIsLeftOf, startProgram, until, type Program } from "@maxq/test-kit";
import { mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { Api } from "./api.js";

/** The program that is tested: what was built, as users start it. */
export const command = resolve(import.meta.dirname, "../../node/packages/maxq/bin/maxq");

export interface ServerSettings {
  /** Where the server is started, and where it and the scripts write. */
  readonly directory: string;
  readonly options?: readonly string[];
  /** All that is in its environment, but for `PATH` and `HOME`, a port, and `TEST_SIGNALS`. */
  readonly env: Readonly<Record<string, string>>;
  /** Permissions count for it and its scripts, although root starts it. */
  readonly withoutPrivileges?: boolean;
}

/** Keeps the user, and takes from root what makes it heed no permissions. */
const unprivileged = ["--bounding-set=-dac_override,-dac_read_search,-fowner", command];

/** A MaxQ server as a process of its own. Scripts see `TEST_SIGNALS`, a folder for files by which they and the test tell each other things. */
export class Server {
  readonly api: Api;

  private constructor(
    private readonly program: Program,
    readonly url: string,
    readonly signals: string,
  ) {
    this.api = new Api(`${url}/api/v1`);
  }

  /** Starts one on a free port and waits until it is ready. */
  static async start(settings: ServerSettings): Promise<Server> {
    const { directory, options = [], env, withoutPrivileges = false } = settings;
    const port = String(await aFreePort());
    const signals = join(directory, "signals");
    mkdirSync(signals, { recursive: true });
    const less = withoutPrivileges && process.getuid?.() === 0;
    const program = startProgram({
      command: less ? "setpriv" : command,
      args: [...(less ? unprivileged : []), ...options.map((option) => (option === "PORT" ? port : option))],
      cwd: directory,
      env: { ...(options.includes("PORT") ? {} : { MAXQ_PORT: port }), TEST_SIGNALS: signals, ...env },
    });
    const server = new Server(program, `http://127.0.0.1:${port}`, signals);
    await server.ready();
    return server;
  }

  /** In the environment of everything that it started: for `processesMarked`. */
  get mark(): string {
    return this.program.mark;
  }

  get pid(): number {
    return this.program.pid;
  }

  /** Everything it has said so far. */
  get output(): string {
    return this.program.output();
  }

  private async ready(): Promise<void> {
    const isReady = async () => {
      if (!this.program.isRunning()) throw new Error("The server ended at its start.");
      return (await fetch(`${this.url}/readyz`).catch(() => null))?.status === 200;
    };
    await until("the server is ready", isReady).catch((error: unknown) => {
      this.program.kill("SIGKILL");
      throw new Error(`${String(error)} It said:\n${this.output}`);
    });
  }

  /** SIGTERM; answers its exit code. Rejects if a process that it or a script of it started is left. */
  async stop(): Promise<number | null> {
    const { code } = await this.program.stop("SIGTERM");
    await nothingIsLeftOf(this.program.mark);
    return code;
  }

  /** SIGKILL to the engine alone: what it had started goes on, for a successor to adopt. */
  async crash(): Promise<void> {
    await this.program.stop("SIGKILL");
  }

  /** SIGKILL to the engine alone: no chance to clean up. Resolves when nothing is left of it; what it had started must end by itself. */
  async kill(): Promise<void> {
    await this.program.stop("SIGKILL");
    await nothingIsLeftOf(this.program.mark);
  }
}
