import { connect, createServer, type AddressInfo, type Socket } from "node:net";

/** A way to a server that can go silent: what is sent is taken, and nothing ever comes back, as when a cable is pulled. */
export class SilentNetwork {
  readonly #sockets = new Set<Socket>();
  readonly #forgotten = new Set<Socket>();
  readonly #server = createServer((near) => {
    const far = connect(Number(this.target.port), this.target.hostname);
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
      socket.on("error", () => socket.destroy());
    }
    const passes = (): boolean => !this.silent && !this.#forgotten.has(near);
    near.on("data", (chunk) => passes() && far.write(chunk));
    far.on("data", (chunk) => passes() && near.write(chunk));
    near.on("close", () => far.destroy());
    far.on("close", () => passes() && near.destroy());
  });
  silent = false;

  private constructor(private readonly target: URL) {}

  static async to(url: string): Promise<SilentNetwork> {
    const network = new SilentNetwork(new URL(url));
    await new Promise<void>((resolve) => network.#server.listen(0, "127.0.0.1", resolve));
    return network;
  }

  /** The address of the database by this way. */
  get url(): string {
    const url = new URL(this.target);
    url.hostname = "127.0.0.1";
    url.port = String((this.#server.address() as AddressInfo).port);
    return url.href;
  }

  /** How many sockets are open, on either side. */
  get connections(): number {
    return this.#sockets.size;
  }

  /** What is connected goes silent, and new connections work: as when a firewall forgets what it knew. */
  forget(): void {
    for (const socket of this.#sockets) this.#forgotten.add(socket);
  }

  /** What is connected is read no more, until it is released: as where sending takes long. */
  hold(): void {
    for (const socket of this.#sockets) socket.pause();
  }

  release(): void {
    for (const socket of this.#sockets) socket.resume();
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
