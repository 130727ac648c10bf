/** What a script wrote to `$MAXQ_OUTPUT`, as fields. */
export interface OutputFields {
  readonly fields: Readonly<Record<string, unknown>>;
  /** One sentence for each line that said nothing useful. */
  readonly warnings: readonly string[];
}

const KEY = /^[^\s="{}[\]]{1,256}$/;

/**
 * Reads lines `key=value` (the value is text, to the end of the line) and JSON objects (one a line, or one that is
 * the whole text), which are merged in order. Empty lines and lines that begin with `#` are skipped.
 */
export function parseOutputFields(text: string): OutputFields {
  const fields = new Map<string, unknown>();
  const warnings: string[] = [];
  const whole = parseObject(text);
  if (whole !== null) return { fields: whole, warnings };
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === "" || line.startsWith("#")) continue;
    const problem = readLine(line, fields);
    if (problem !== null) warnings.push(`line ${index + 1} of $MAXQ_OUTPUT was ignored: ${problem}`);
  }
  return { fields: Object.fromEntries(fields), warnings };
}

function readLine(line: string, fields: Map<string, unknown>): string | null {
  if (line.trimStart().startsWith("{")) {
    const object = parseObject(line);
    if (object === null) return "it begins like a JSON object but is none";
    for (const [key, value] of Object.entries(object)) fields.set(key, value);
    return null;
  }
  const equals = line.indexOf("=");
  if (equals < 0) return "write key=value or a JSON object";
  const key = line.slice(0, equals).trim();
  if (!KEY.test(key)) return `"${key.slice(0, 40)}" cannot be a key`;
  fields.set(key, line.slice(equals + 1));
  return null;
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
