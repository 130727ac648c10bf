import pg from "pg";
import type { Connections } from "./connections.js";
import { connectFault } from "./fault.js";

/** A connection of pg, one of its driver's until it has ended. A failure to connect is `DatabaseUnavailable`. */
export class Client extends pg.Client {
  /** The server's process, null until the server has named it. Kept by pg, whose types do not say so. */
  declare readonly processID: number | null;
  declare private readonly _activeQuery: object | null;
  readonly #connections: Connections;

  constructor(config: pg.ClientConfig, connections: Connections) {
    super(config);
    this.#connections = connections;
    // Without a listener an error would end the process, also one that comes before whoever asked for the connection has it. Its statements tell of it, and its end.
    this.on("error", () => undefined);
    connections.add(this);
  }

  /** The statement that was sent and is not answered yet, null if there is none. For comparison only. */
  get underWay(): object | null {
    return this._activeQuery;
  }

  /** Bytes that came so far. */
  get bytesRead(): number {
    return (this.connection.stream as unknown as { readonly bytesRead: number }).bytesRead;
  }

  /** Some of what is to be sent has not left this process. */
  get isSending(): boolean {
    return this.connection.stream.writableLength > 0;
  }

  override connect(): Promise<Client>;
  override connect(callback: (error: Error) => void): void;
  override connect(callback?: (error: Error) => void): Promise<Client> | undefined {
    const connected = this.#connect();
    if (callback === undefined) return connected;
    const told = callback as (error: unknown) => void;
    void connected.then(() => told(null), told);
    return undefined;
  }

  /** Ends it now. What it waits for is rejected with `why`. */
  destroy(why: string): void {
    this.connection.stream.destroy(new Error(why));
  }

  async #connect(): Promise<Client> {
    try {
      if (this.#connections.closed) throw new Error("the connections are closed");
      await super.connect();
      return this;
    } catch (error) {
      throw connectFault(`at ${this.host}:${this.port}/${this.database ?? ""}`, error);
    }
  }
}
