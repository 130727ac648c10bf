import {
  hasHugeNumber,
  hasMoreValues,
  isFieldName,
  jsonBytes,
  limitSettings,
  unfitJson,
  withoutByteOrderMark,
  withoutTokens,
  type Json,
  type Limits,
} from "@maxq/core";

/** What a script wrote to `$MAXQ_OUTPUT`, as fields. */
export interface OutputFields {
  readonly fields: Readonly<Record<string, Json>>;
  /** One sentence for each line that said nothing useful, at most 21: the last one counts those after the twentieth. */
  readonly warnings: readonly string[];
}

/** A file that is no list of fields at all, such as a table, would fill the log of its run. */
const MOST_WARNED = 20;

/** After so many lines that only begin like a JSON object no other is read as one: 16 MB of them, such as a program's text, held the engine for minutes. */
const MOST_BROKEN = 1_000;

const KEY = /^[^\s="{}[\]]+$/;

/**
 * Reads lines `key=value` (the value is text, to the end of the line) and JSON objects (one a line, or one that is
 * the whole text), which are merged in order. Empty lines, lines that begin with `#` and a byte order mark are skipped.
 * What is no field, or over a limit that holds for fields sent over HTTP, is left out and warned of.
 */
export function parseOutputFields(output: string, limits: Limits): OutputFields {
  const text = withoutByteOrderMark(output);
  const reading = new Reading(limits);
  if (text.trimStart().startsWith("{") && text.trimEnd().endsWith("}")) {
    const whole = objectFrom(text, limits);
    if (whole !== null) {
      reading.take(whole, "$MAXQ_OUTPUT");
      return reading.done();
    }
  }
  for (let from = 0, number = 1; from < text.length; number++) {
    const end = text.indexOf("\n", from);
    const line = text.slice(from, end < 0 ? text.length : end);
    reading.line(line.endsWith("\r") ? line.slice(0, -1) : line, `line ${number} of $MAXQ_OUTPUT`);
    from = end < 0 ? text.length : end + 1;
  }
  return reading.done();
}

/** The fields so far, the bytes that they take as one JSON object, and what was left out. */
class Reading {
  readonly #fields = new Map<string, Json>();
  readonly #warnings: string[] = [];
  #bytes = 2;
  #leftOut = 0;
  #broken = 0;

  constructor(private readonly limits: Limits) {}

  done(): OutputFields {
    const more = this.#leftOut - this.#warnings.length;
    const last = more === 0 ? [] : [`${more} more of what is in $MAXQ_OUTPUT was ignored, too.`];
    return { fields: Object.fromEntries(this.#fields), warnings: [...this.#warnings, ...last] };
  }

  line(line: string, where: string): void {
    if (line.trim() === "" || line.startsWith("#")) return;
    if (line.trimStart().startsWith("{")) {
      // What JSON.parse refuses costs 20 µs, ten times what a line costs that it takes.
      const readable = this.#broken < MOST_BROKEN && line.trimEnd().endsWith("}");
      const object = readable ? objectFrom(line, this.limits) : null;
      if (object !== null) this.take(object, where);
      else {
        this.#broken++;
        this.#leave(where, "it begins like a JSON object but is none");
      }
      return;
    }
    const equals = line.indexOf("=");
    const key = line.slice(0, equals).trim();
    if (equals < 0) this.#leave(where, "write key=value or a JSON object");
    else if (!KEY.test(key)) this.#leave(where, cannotBeKey(key));
    else this.#field(key, line.slice(equals + 1), where);
  }

  /** Takes the fields of an object, or none of them where it cannot be kept. */
  take(object: Readonly<Record<string, Json>> | Unfit, where: string): void {
    if (object instanceof Unfit) this.#leave(where, object.why);
    else for (const [key, value] of Object.entries(object)) this.#field(key, value, where);
  }

  #field(key: string, value: Json, where: string): void {
    if (!isFieldName(key)) {
      this.#leave(where, cannotBeKey(key));
      return;
    }
    const before = this.#fields.get(key);
    const bytes = this.#bytes + bytesOf(key, value) - (before === undefined ? 0 : bytesOf(key, before));
    const { fieldBytes } = this.limits;
    if (bytes > fieldBytes) {
      const most = `all fields of a step may take ${fieldBytes} bytes (${limitSettings.fieldBytes})`;
      this.#leave(where, `with "${key.slice(0, 40)}" it would be too much: ${most}`);
      return;
    }
    this.#fields.set(key, value);
    this.#bytes = bytes;
  }

  #leave(where: string, why: string): void {
    this.#leftOut++;
    if (this.#leftOut <= MOST_WARNED) this.#warnings.push(withoutTokens(`${where} was ignored: ${why}`));
  }
}

/** An object that is over a limit, or has what cannot be kept. */
class Unfit {
  constructor(readonly why: string) {}
}

function objectFrom(text: string, limits: Limits): Readonly<Record<string, Json>> | Unfit | null {
  if (hasMoreValues(text, limits.jsonValues))
    return new Unfit(`it has more than ${limits.jsonValues} values (${limitSettings.jsonValues})`);
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  switch (unfitJson(value, limits.jsonDepth)) {
    case "depth":
      return new Unfit(`it is nested more than ${limits.jsonDepth} levels deep (${limitSettings.jsonDepth})`);
    case "number":
      return new Unfit(`it ${hasHugeNumber}`);
    case null:
      return value as Readonly<Record<string, Json>>;
  }
}

function cannotBeKey(key: string): string {
  return `${JSON.stringify(key.slice(0, 40))} cannot be a key`;
}

/** With the colon and the comma. */
function bytesOf(key: string, value: Json): number {
  return jsonBytes(key) + jsonBytes(value) + 2;
}
