import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Server, type Socket } from "node:net";
import { networkInterfaces } from "node:os";
import type { ConnectionEnd } from "@maxq/core";
import { expect } from "chai";
import { launcherPid } from "../processes.js";
import { onBothLaunchers } from "../workshop.js";

const hasIpv6 = (networkInterfaces()["lo"] ?? []).some(({ address }) => address === "::1");
const mine = process.getuid!();

onBothLaunchers("the owner of a connection's end", (workshop, kind) => {
  let server: Server;
  let open: Socket[];
  /** Who tells owners: the native launcher; the other one leaves it to those who ask. */
  const told = (uid: number) => (kind === "native" ? uid : null);

  beforeEach(() => {
    open = [];
    server = createServer((socket) => open.push(socket));
  });
  afterEach(async () => {
    for (const socket of open) socket.destroy();
    if (server.listening) await once(server.close(), "close");
  });

  async function listen(host: string): Promise<number> {
    await once(server.listen(0, host), "listening");
    return (server.address() as AddressInfo).port;
  }

  /** Both ends, the client's first. */
  async function connected(host: string): Promise<readonly [ConnectionEnd, ConnectionEnd]> {
    const port = await listen(host);
    const accepted = once(server, "connection");
    const client = connect({ host, port });
    await Promise.all([accepted, once(client, "connect")]);
    open.push(client);
    return [
      { address: client.localAddress!, port: client.localPort! },
      { address: host, port },
    ];
  }

  const ask = (of: ConnectionEnd, to: ConnectionEnd) => workshop().runner.connectionOwner(of, to);

  for (const host of ["127.0.0.1", "::1"]) {
    it(`is told of a connection to ${host}, of either end`, async function () {
      if (host === "::1" && !hasIpv6) this.skip();
      const [client, servers] = await connected(host);
      expect(await ask(client, servers)).to.equal(told(mine));
      expect(await ask(servers, client)).to.equal(told(mine));
    });
  }

  it("is another user where that one has connected", async function () {
    if (mine !== 0) this.skip();
    const port = await listen("127.0.0.1");
    const accepted = once(server, "connection");
    const connects = `require("net").connect(${port}, "127.0.0.1").on("error", () => {}).resume()`;
    const stranger = spawn(process.execPath, ["-e", connects], { uid: 65534, gid: 65534, cwd: "/" });
    const [socket] = (await accepted) as [Socket];
    const [of, to] = [socket.remotePort!, port].map((p) => ({ address: "127.0.0.1", port: p }));
    expect(await ask(of!, to!)).to.equal(told(65534));
    socket.destroy();
    await once(stranger, "exit");
  });

  it("is not known of what is no connection, and not that of one who listens there", async () => {
    const [client, servers] = await connected("127.0.0.1");
    const elsewhere = { address: "127.0.0.2", port: client.port };
    expect(await ask(elsewhere, servers)).to.equal(null);
    expect(await ask(servers, elsewhere)).to.equal(null);
    expect(await ask({ address: "no address", port: 70_000 }, servers)).to.equal(null);
  });

  it("is not known where the process has closed its end", async () => {
    const [client, servers] = await connected("127.0.0.1");
    const [accepted, connection] = open as [Socket, Socket];
    accepted.resume();
    connection.destroy();
    await once(accepted, "end");
    expect(await ask(client, servers)).to.equal(null);
  });

  it("is told of each of many that are asked for at once", async () => {
    const [client, servers] = await connected("127.0.0.1");
    const answers = await Promise.all(Array.from({ length: 500 }, () => ask(client, servers)));
    expect(new Set(answers)).to.deep.equal(new Set([told(mine)]));
  });

  it("is not waited for where the launcher is stopped, or has died", async () => {
    const [client, servers] = await connected("127.0.0.1");
    const pid = launcherPid(kind);
    process.kill(pid, "SIGSTOP");
    expect(await ask(client, servers)).to.equal(null);
    process.kill(pid, "SIGCONT");
    while ((await ask(client, servers)) !== told(mine));
    process.kill(pid, "SIGSTOP");
    const asked = ask(client, servers);
    process.kill(pid, "SIGKILL");
    expect(await asked).to.equal(null);
    workshop().script("a", "exit 0");
    while ((await workshop().start("a").ended).end.reason !== "exited"); // another launcher's
    expect(await ask(client, servers)).to.equal(told(mine));
  });
});
