import { PeerOwners, peerOwnersKnown } from "../../src/access/peer.js";
import { expect } from "chai";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { networkInterfaces } from "node:os";

describe("the owner of a connection's other end", () => {
  let server: Server;
  let clients: Socket[];
  let accepted: Socket[];

  beforeEach(async function () {
    if (!(await peerOwnersKnown())) this.skip();
    clients = [];
    accepted = [];
    server = createServer((socket) => accepted.push(socket));
  });
  afterEach(async () => {
    for (const socket of [...clients, ...accepted]) socket.destroy();
    if (!server.listening) return;
    server.close();
    await once(server, "close");
  });

  async function connected(from: string, count = 1): Promise<void> {
    const { port } = server.address() as AddressInfo;
    for (let n = 0; n < count; n++) clients.push(connect({ host: from, port }));
    while (accepted.length < count) await once(server, "connection");
  }

  const hasIpv6 = (networkInterfaces()["lo"] ?? []).some(({ address }) => address === "::1");
  const mine = { reason: "owned", uid: process.getuid!() };

  for (const [host, from] of [
    ["127.0.0.1", "127.0.0.1"],
    ["::1", "::1"],
    ["127.0.0.1", "::ffff:127.0.0.1"],
  ] as const) {
    it(`is found where ${from} asks a server on ${host}`, async function () {
      if (from.includes(":") && !hasIpv6) this.skip();
      server.listen(0, host);
      await once(server, "listening");
      await connected(from);
      expect(await new PeerOwners().of(accepted[0]!)).to.deep.equal(mine);
    });
  }

  it("is found for each of many that come at once", async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const asked: Promise<unknown>[] = [];
    server.on("connection", (socket) => asked.push(new PeerOwners().of(socket)));
    await connected("127.0.0.1", 60);
    for (const owner of await Promise.all(asked)) expect(owner).to.deep.equal(mine);
  });

  it("is asked for first, once for a connection, by plain addresses", async function () {
    if (!hasIpv6) this.skip();
    server.listen(0, "::1");
    await once(server, "listening");
    await connected("::1");
    const asked: unknown[] = [];
    const owners = new PeerOwners((of, to) => {
      asked.push(of.address, to.address, of.port === clients[0]!.localPort);
      return Promise.resolve(4711);
    });
    for (let n = 0; n < 2; n++)
      expect(await owners.of(accepted[0]!)).to.deep.equal({ reason: "owned", uid: 4711 });
    expect(asked).to.deep.equal(["::1", "::1", true]);
  });

  it("is gone where it has closed", async () => {
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    await connected("127.0.0.1");
    accepted[0]!.resume();
    const closed = once(accepted[0]!, "end");
    clients[0]!.destroy();
    await closed;
    expect(await new PeerOwners().of(accepted[0]!)).to.deep.equal({ reason: "gone" });
  });
});
