/** A word as it is typed in a shell: in quotes where the shell would read it as anything else, so that a command that a message shows can be copied. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
