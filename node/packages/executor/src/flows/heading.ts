/** What `flow.sh` says of itself. */
export interface FlowHeading {
  readonly title: string | null;
  readonly description: string | null;
}

/** Reads `# title: …` and `# description: …` from the comment lines before the first command. */
export function readHeading(script: string): FlowHeading {
  const heading: { title: string | null; description: string | null } = { title: null, description: null };
  for (const line of script.split(/\r?\n/)) {
    if (line.trim() === "") continue;
    if (!line.startsWith("#")) break;
    const match = /^#\s*(title|description)\s*:\s*(.+?)\s*$/i.exec(line);
    if (match === null) continue;
    const key = match[1]!.toLowerCase() as "title" | "description";
    heading[key] ??= match[2]!;
  }
  return heading;
}
