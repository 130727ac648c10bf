import { readFile } from "node:fs/promises";
import { isIPv4, isIPv6, type Socket } from "node:net";

/** What is known about the process at the other end of a loopback connection. `gone`: it has closed its end. `unknown`: the system does not tell. */
export type PeerOwner =
  { readonly reason: "owned"; readonly uid: number } | { readonly reason: "gone" | "unknown" };

const tables = ["/proc/net/tcp", "/proc/net/tcp6"];
const known = new WeakMap<Socket, Promise<PeerOwner>>();

/** Whose process is at the other end; asked once a connection. A socket that its process has closed shows root as its owner, so it counts as gone. */
export function peerOwner(socket: Socket): Promise<PeerOwner> {
  const before = known.get(socket);
  if (before !== undefined) return before;
  const asked = lookUp(socket);
  known.set(socket, asked);
  return asked;
}

/** Whether this system tells who owns a connection; where not, `maxq doctor` warns. */
export async function peerOwnersKnown(): Promise<boolean> {
  return (await readTables()).length > 0;
}

async function lookUp(socket: Socket): Promise<PeerOwner> {
  const { localAddress, localPort, remoteAddress, remotePort } = socket;
  if (localAddress === undefined || remoteAddress === undefined) return { reason: "gone" };
  const own = endpoint(localAddress, localPort ?? 0);
  const peer = endpoint(remoteAddress, remotePort ?? 0);
  let listed = false;
  for (const row of await readTables()) {
    // sl local remote st tx:rx tr:when retrnsmt uid timeout inode …
    const [, local = "", remote = "", , , , , uid = "", , inode] = row.trim().split(/\s+/);
    if (normal(local) === peer && normal(remote) === own) {
      return inode === "0" ? { reason: "gone" } : { reason: "owned", uid: Number(uid) };
    }
    listed ||= normal(local).slice(-4) === own.slice(-4);
  }
  return { reason: listed ? "gone" : "unknown" };
}

async function readTables(): Promise<string[]> {
  const texts = await Promise.all(tables.map((path) => readFile(path, "latin1").catch(() => "")));
  return texts.flatMap((text) => text.split("\n").slice(1)).filter((row) => row.trim() !== "");
}

/** As the kernel prints it: 32-bit words in host byte order, hexadecimal, `:`, the port. */
function endpoint(address: string, port: number): string {
  const text = isIPv4(address) ? address : address.replace(/^::ffff:(?=[0-9.]+$)/i, "");
  const bytes = isIPv4(text) ? Buffer.from(text.split(".").map(Number)) : v6Bytes(text);
  const hex = [];
  for (let at = 0; at < bytes.length; at += 4) hex.push(bytes.readUInt32LE(at).toString(16).padStart(8, "0"));
  return `${hex.join("")}:${port.toString(16).padStart(4, "0")}`.toUpperCase();
}

/** An IPv4 address that is mapped into IPv6 as the plain IPv4 one. */
function normal(kernel: string): string {
  return kernel.replace(/^0000000000000000FFFF0000/, "");
}

function v6Bytes(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.alloc(16);
  const [head = "", tail] = address.replace(/%.*$/, "").split("::");
  const groups = (text: string | undefined) =>
    text ? text.split(":").map((group) => parseInt(group, 16)) : [];
  const [first, last] = [groups(head), groups(tail)];
  const all = [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 255]));
}
