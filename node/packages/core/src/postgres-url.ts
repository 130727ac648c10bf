/** How a connection is encrypted and the server known, in the order of libpq; the middle ones are taken as `verify-full`, which is what they promise and more. */
const sslModes = ["disable", "require", "verify-ca", "verify-full", "no-verify"];

/** User and password without a host, as libpq takes them with `?host=/path/of/a/socket`; for `URL` it is none. */
const WITHOUT_HOST = /^(postgres(?:ql)?:\/\/)([^/?#@:]*)(?::([^/?#@:]*))?@(?=[/?]|$)/;

/**
 * Reads an address of PostgreSQL; user and password without a host become parameters, where pg reads them, too. Null: it is none, or its parts are not what they
 * seem: a password with an `@`, `/`, `?` or `#` that was not percent-encoded is read as host, path, parameters or fragment, and would be shown as such.
 */
export function readPostgresUrl(text: string): URL | null {
  const [credentials, scheme, user = "", password] = WITHOUT_HOST.exec(text) ?? [];
  const url = credentials === undefined ? text : `${scheme}${text.slice(credentials.length)}`;
  if (!/^postgres(ql)?:\/\//.test(url) || !URL.canParse(url)) return null;
  const read = new URL(url);
  const { pathname, search, hash, host, username } = read;
  const cutOff = host !== "" && username === "" && search.includes("@");
  if (!/^(\/[^/@:]*)?$/.test(pathname) || hash !== "" || cutOff) return null;
  const inParameters = { user, password };
  if (credentials !== undefined)
    for (const [name, value] of Object.entries(inParameters))
      if (value !== undefined && !read.searchParams.has(name)) read.searchParams.set(name, decode(value));
  return read;
}

/** Whether a text is an address of PostgreSQL, as `readPostgresUrl` reads it. */
export function isPostgresUrl(text: string): boolean {
  return readPostgresUrl(text) !== null;
}

/** Server and database, for people and logs: without user and password, and without other parameters, which may hold them, too. */
export function postgresPlace({ host, pathname, searchParams }: URL): string {
  if (host !== "") return `${/^%2f/i.test(host) ? decode(host) : host}${pathname}`;
  const [socket, port] = [searchParams.get("host"), searchParams.get("port")];
  return `${socket ?? "its default host"}${port === null ? "" : `:${port}`}${pathname}`;
}

/**
 * Whether its connections can be made as it asks: libpq's `prefer` and `allow` speak unencrypted where the server does not encrypt, and nobody would notice.
 * An empty mode counts as none.
 */
export function hasSslMode(text: string): boolean {
  const modes = readPostgresUrl(text)?.searchParams.getAll("sslmode") ?? [];
  return modes.join() === "" || modes.every((mode) => sslModes.includes(mode));
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
