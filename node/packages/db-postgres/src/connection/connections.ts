import type { Client } from "./client.js";

/** The connections of one driver, from before they are made until they have ended. */
export class Connections {
  readonly #open = new Set<Client>();
  #closed = false;

  add(client: Client): void {
    this.#open.add(client);
    client.once("end", () => this.#open.delete(client));
  }

  /** Those whose process on the server is known. */
  get established(): readonly Client[] {
    return [...this.#open].filter(({ processID }) => processID !== null);
  }

  /** No more can be made. */
  get closed(): boolean {
    return this.#closed;
  }

  /** Ends them all now, whatever they wait for. */
  destroy(): void {
    this.#closed = true;
    for (const client of this.#open) client.destroy("the connection was closed");
  }
}
