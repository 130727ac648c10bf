import { createServer, type AddressInfo } from "node:net";

const ANSWER = Buffer.from(
  "HTTP/1.1 201 Created\r\ncontent-type: application/json\r\ncontent-length: 3\r\nconnection: close\r\n\r\n{}\n",
);

/** The least that a `curl` can talk to: it accepts every request at once and does nothing. */
export interface Stub {
  /** In place of `MAXQ_API`. */
  readonly url: string;
  close(): Promise<void>;
}

export async function startStub(): Promise<Stub> {
  const server = createServer((socket) => {
    socket.on("error", () => socket.destroy());
    socket.once("data", () => socket.end(ANSWER));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/api/v1/as/${"x".repeat(80)}`,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
