/** One line of a scrape that carries a value. */
export interface Sample {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** All samples of one metric: of a histogram its buckets, its sum and its count. */
export interface Family {
  readonly name: string;
  help: string | null;
  type: string | null;
  readonly samples: Sample[];
}

/** A scrape in Prometheus' text format. */
export interface Scrape {
  readonly families: ReadonlyMap<string, Family>;
  /** Lines that are not in the format, and what is declared twice, late, or apart from the rest of it. */
  readonly faults: readonly string[];
}

const metricName = "[a-zA-Z_:][a-zA-Z0-9_:]*";
const comment = new RegExp(`^# (HELP|TYPE) (${metricName}) (.*)$`);
const sample = new RegExp(`^(${metricName})(?:\\{(.*)\\})? ([^ ]+)(?: -?\\d+)?$`);
const label = /^([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\\n]|\\["\\n])*)"(?:,|$)/;
const types = new Set(["counter", "gauge", "histogram", "summary", "untyped"]);

/** Reads a scrape line by line; whatever is wrong with its form is among the faults. */
export function parseScrape(text: string): Scrape {
  const reader = new Reader();
  if (text !== "" && !text.endsWith("\n")) reader.faults.push("the last line has no line feed");
  for (const line of text.split("\n")) if (line !== "") reader.line(line);
  return reader;
}

class Reader implements Scrape {
  readonly families = new Map<string, Family>();
  readonly faults: string[] = [];
  #current: Family | null = null;

  line(line: string): void {
    if (line.startsWith("#")) this.#comment(line);
    else this.#sample(line);
  }

  #comment(line: string): void {
    const [, word, name = "", rest = ""] = comment.exec(line) ?? [];
    if (word === undefined) {
      if (/^# (HELP|TYPE)\b/.test(line)) this.faults.push(`not in the format: ${line}`);
      return;
    }
    const family = this.#family(name);
    const key = word === "HELP" ? "help" : "type";
    if (family[key] !== null) this.faults.push(`${name}: a second ${word} line`);
    if (family.samples.length > 0) this.faults.push(`${name}: its ${word} line comes after its samples`);
    if (word === "TYPE" && !types.has(rest)) this.faults.push(`${name}: there is no type ${rest}`);
    family[key] = rest;
  }

  #sample(line: string): void {
    const [, name, labelText = "", valueText = ""] = sample.exec(line) ?? [];
    const labels = readLabels(labelText);
    const value = readValue(valueText);
    if (name === undefined || labels === null || value === null) {
      this.faults.push(`not in the format: ${line}`);
      return;
    }
    this.#family(this.#familyOf(name)).samples.push({ name, labels, value });
  }

  /** `x_bucket`, `x_sum` and `x_count` belong to the histogram or summary x. */
  #familyOf(name: string): string {
    const base = name.replace(/_(bucket|sum|count)$/, "");
    const type = this.families.get(base)?.type;
    return type === "histogram" || type === "summary" ? base : name;
  }

  #family(name: string): Family {
    let family = this.families.get(name);
    if (family === undefined) {
      family = { name, help: null, type: null, samples: [] };
      this.families.set(name, family);
    } else if (family !== this.#current) this.faults.push(`${name}: its lines are not together`);
    this.#current = family;
    return family;
  }
}

function readLabels(text: string): Record<string, string> | null {
  const labels: Record<string, string> = {};
  for (let rest = text; rest !== "";) {
    const [all, name = "", value = ""] = label.exec(rest) ?? [];
    if (all === undefined || name in labels) return null;
    labels[name] = value.replaceAll(/\\(.)/g, (_, char: string) => (char === "n" ? "\n" : char));
    rest = rest.slice(all.length);
  }
  return labels;
}

function readValue(text: string): number | null {
  if (/^[+-]?Inf$/.test(text)) return text.startsWith("-") ? -Infinity : Infinity;
  if (text === "NaN") return NaN;
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : null;
}
