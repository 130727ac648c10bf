/** What `flow.sh` says of itself. */
export interface FlowHeading {
  readonly title: string | null;
  readonly description: string | null;
}

const mostCharacters = 65_536;

/** Reads `# title: …` and `# description: …` from the comment lines before the first command, in the first 64 K characters. Linear in them. */
export function readHeading(script: string): FlowHeading {
  const heading: { title: string | null; description: string | null } = { title: null, description: null };
  for (const line of script.slice(0, mostCharacters).split(/\r?\n/)) {
    if (line.trim() === "") continue;
    if (!line.startsWith("#")) break;
    const match = /^#\s*(title|description)\s*:(.*)$/i.exec(line);
    const text = match?.[2]!.trim() ?? "";
    if (match === null || text === "") continue;
    const key = match[1]!.toLowerCase() as "title" | "description";
    heading[key] ??= text;
  }
  return heading;
}
