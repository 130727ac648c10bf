import { isIPv4 } from "node:net";

/** Whether only this host can reach the address or name. Names other than `localhost` are not looked up. */
export function isLoopbackAddress(host: string): boolean {
  const name = host
    .toLowerCase()
    .replace(/^\[(.*)\]$/, "$1")
    .replace(/\.$/, "");
  if (name === "localhost" || name === "::1" || name === "0:0:0:0:0:0:0:1") return true;
  const v4 = name.startsWith("::ffff:") ? name.slice("::ffff:".length) : name;
  return isIPv4(v4) && v4.startsWith("127.");
}

/** Whether a Host header names this host by a loopback name. A page of the web cannot: its requests carry the name it was loaded from. */
export function isLoopbackHost(header: string | undefined): boolean {
  if (header === undefined) return false;
  const name = /^(\[[0-9A-Fa-f:.]+\]|[^:[\]]+)(:[0-9]{1,5})?$/.exec(header)?.[1];
  return name !== undefined && (isLoopbackAddress(name) || /^[A-Za-z0-9.-]+\.localhost$/i.test(name));
}
