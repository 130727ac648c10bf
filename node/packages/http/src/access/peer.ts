import { isIPv4, isIPv6, type Socket } from "node:net";
import type { ConnectionEnd, ScriptRunner } from "@maxq/core";
import { Table } from "./table.js";

/** What is known about the process at the other end of a loopback connection. `gone`: it has closed its end. `unknown`: the system does not tell. */
export type PeerOwner =
  { readonly reason: "owned"; readonly uid: number } | { readonly reason: "gone" | "unknown" };

/** How the kernel prints an IPv4 address that is mapped into IPv6 begins so; then comes the plain one. */
const V4_IN_V6 = "0000000000000000FFFF0000";
/** An IPv6 address and its port, in characters. */
const V6_LENGTH = 37;
/** More characters of a row than there are from its ends to its inode. */
const ROW_REST = 120;

const ipv4 = new Table("/proc/net/tcp");
const ipv6 = new Table("/proc/net/tcp6");

/** Whose processes are at the other ends of connections; found out once for each. `ask` is quicker than the kernel's tables, which are read where it does not know. */
export class PeerOwners {
  readonly #known = new WeakMap<Socket, Promise<PeerOwner>>();

  constructor(private readonly ask: ScriptRunner["connectionOwner"] = () => Promise.resolve(null)) {}

  /** A socket that its process has closed shows root as its owner, so it counts as gone. */
  of(socket: Socket): Promise<PeerOwner> {
    const before = this.#known.get(socket);
    if (before !== undefined) return before;
    const owner = this.#find(socket);
    this.#known.set(socket, owner);
    return owner;
  }

  async #find(socket: Socket): Promise<PeerOwner> {
    const own = end(socket.localAddress, socket.localPort);
    const peer = end(socket.remoteAddress, socket.remotePort);
    if (own === null || peer === null) return { reason: "gone" };
    const uid = await this.ask(peer, own);
    return uid === null ? lookUp(peer, own) : { reason: "owned", uid };
  }
}

/** Whether this system tells who owns a connection; where not, `maxq doctor` warns. */
export async function peerOwnersKnown(): Promise<boolean> {
  return /\n./.test(await ipv4.read()) || /\n./.test(await ipv6.read());
}

/** One that is not found is looked for once more: the kernel prints a long table in pieces, and what goes meanwhile may take another one's place with it. */
async function lookUp(peer: ConnectionEnd, own: ConnectionEnd): Promise<PeerOwner> {
  const [of, to] = [printed(peer), printed(own)];
  const found = await find(of, to);
  return found.reason === "gone" ? find(of, to) : found;
}

/** A client's end is in the table of its own family, and one that asks for an IPv4 address is seldom an IPv6 socket: the other table is read if it has to be. */
async function find(peer: string, own: string): Promise<PeerOwner> {
  const plain = own.length < V6_LENGTH;
  const first = plain ? await ipv4.read() : "";
  const owner = ownerIn(first, `${peer} ${own}`);
  if (owner !== null) return owner;
  const second = await ipv6.read();
  const prefix = plain ? V4_IN_V6 : "";
  const ours = new RegExp(`^ *\\d+: [0-9A-F]+${own.slice(-5)} `, "m");
  const none = { reason: ours.test(first) || ours.test(second) ? "gone" : "unknown" } as const;
  return ownerIn(second, `${prefix}${peer} ${prefix}${own}`) ?? none;
}

/** Of the row that begins with both ends. */
function ownerIn(table: string, ends: string): PeerOwner | null {
  const at = table.indexOf(` ${ends} `);
  if (at < 0) return null;
  // local remote st tx:rx tr:when retrnsmt uid timeout inode …
  const [, , , , , , uid, , inode] = table.slice(at + 1, at + 1 + ends.length + ROW_REST).split(/\s+/);
  return inode === "0" ? { reason: "gone" } : { reason: "owned", uid: Number(uid) };
}

/** Without a zone, and an IPv4 address as such where it is mapped into IPv6. Null: the connection has none any more. */
function end(address: string | undefined, port: number | undefined): ConnectionEnd | null {
  if (address === undefined || port === undefined) return null;
  return { address: address.replace(/^::ffff:(?=[0-9.]+$)/i, "").replace(/%.*$/, ""), port };
}

/** As the kernel prints it: 32-bit words in host byte order, hexadecimal, `:`, the port. */
function printed({ address, port }: ConnectionEnd): string {
  const bytes = isIPv4(address) ? Buffer.from(address.split(".").map(Number)) : v6Bytes(address);
  const hex = [];
  for (let at = 0; at < bytes.length; at += 4) hex.push(bytes.readUInt32LE(at).toString(16).padStart(8, "0"));
  return `${hex.join("")}:${port.toString(16).padStart(4, "0")}`.toUpperCase();
}

function v6Bytes(address: string): Buffer {
  if (!isIPv6(address)) return Buffer.alloc(16);
  const [head = "", tail] = address.split("::");
  const groups = (text: string | undefined) =>
    text ? text.split(":").map((group) => parseInt(group, 16)) : [];
  const [first, last] = [groups(head), groups(tail)];
  const all = [...first, ...Array<number>(8 - first.length - last.length).fill(0), ...last];
  return Buffer.from(all.flatMap((group) => [group >> 8, group & 255]));
}
