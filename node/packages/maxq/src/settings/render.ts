import type { Setting } from "./setting.js";
import { rules } from "./rules.js";
import { settings } from "./settings.js";

const opening = `# Configuration

Every setting of MaxQ. This page is made from the table that the program itself reads (\`./scripts/render-docs.sh\`).

- A flag wins over a variable, and of two variables the first that is named here.
- An empty variable counts as unset.
- A wrong value keeps MaxQ from starting; all that is wrong is reported at once. A \`MAXQ_\` variable that is not on this page is reported in the log and ignored.
- Relative paths are meant from the directory in which the command is started.
- The database is PostgreSQL if there is a URL, else SQLite at \`MAXQ_SQLITE_PATH\`, else SQLite in \`maxq.db\` of the data directory.
- No \`MAXQ_\` variable of the server reaches a script; scripts get their own (see the specification).
- Variables of a process can be read by other processes of the same user. The \`_FILE\` settings keep secrets out of there, but are no boundary against that user. A file that every user may write is refused; commands that ask a server refuse a key file that others can read, too.
`;

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}

function row(entry: Setting<unknown>): string {
  const names = entry.variables.map((name) => `\`${name}\``).join(", ");
  const flag = entry.flag === null ? "" : `\`${entry.flag.replace(/ <.*/, "")}\``;
  const unit = entry.unit === null ? "" : ` ${entry.unit}`;
  const value = entry.default ? `\`${entry.default}\`${unit}` : "";
  return `| ${names} | ${flag} | ${value} | ${cell(entry.meaning)}. |`;
}

/** The page docs/configuration.md. */
export function renderSettings(): string {
  const entries: readonly Setting<unknown>[] = Object.values<Setting<unknown>>(settings).filter(
    ({ internal }) => internal !== true,
  );
  const groups = [...new Set(entries.map(({ group }) => group))];
  const tables = groups.map((group) => {
    const rows = entries.filter((entry) => entry.group === group).map(row);
    return `## ${group}\n\n| variable | flag | default | meaning |\n|---|---|---|---|\n${rows.join("\n")}\n`;
  });
  const between = `## Rules between settings\n\n${rules.map(({ meaning }) => `- ${meaning}`).join("\n")}\n`;
  return [opening, ...tables, between].join("\n");
}
