/**
 * Whether a text is an address of PostgreSQL whose parts are what they seem. A password with an `@`, `/`, `?` or `#` that was not percent-encoded is read as host, path,
 * parameters or fragment, and would be shown as such.
 */
export function isPostgresUrl(text: string): boolean {
  if (!/^postgres(ql)?:\/\//.test(text) || !URL.canParse(text)) return false;
  const { pathname, search, hash, host, username } = new URL(text);
  const cutOff = host !== "" && username === "" && search.includes("@");
  return /^(\/[^/@:]*)?$/.test(pathname) && hash === "" && !cutOff;
}
