import type { Code } from "mdast";

/** What may stand after the language of a fence, as in ```bash needs="jq". A page that shows Markdown does not show it. */
const ATTRIBUTES = {
  /** The file that it shows. It is written, and what follows uses it. */
  title: "text",
  /** Runs on, as in a second terminal; what follows waits until it is ready. Ends with the page, or when another of its name is to start. */
  server: "name",
  /** The exit code of its last command. */
  exit: "text",
  /** Programs that it needs and that not every machine has, by commas. Where one is missing, it counts as not run. */
  needs: "text",
  /** Why it cannot be run here. */
  "no-run": "text",
  /** The test that runs it, or does the same. */
  "run-by": "text",
  /** What JSON is to be: `stage`. */
  schema: "text",
} as const;

type Name = keyof typeof ATTRIBUTES;

const LANGUAGES = ["bash", "console", "text", "json", "yaml", "sql", "ini", "mermaid"] as const;
export type Language = (typeof LANGUAGES)[number];

/** Where a fence stands. */
export interface Place {
  readonly page: string;
  /** Of its first mark, from 1; its text begins in the next one. */
  readonly line: number;
  /** The three lines before it. */
  readonly before: string;
}

/** A fenced example. */
export interface Fence extends Place {
  readonly language: Language;
  readonly text: string;
  readonly attributes: Readonly<Partial<Record<Name, string>>>;
}

/** Something is wrong with an example: page, line, what came, what was expected. */
export class ExampleFault extends Error {
  constructor({ page, line }: Pick<Place, "page" | "line">, message: string) {
    super(`${page}:${line}: ${message}`);
    this.name = "ExampleFault";
  }
}

/** Reads a fence's first line. Throws an `ExampleFault` if no rule knows what it says. */
export function readFence({ lang, meta, value }: Pick<Code, "lang" | "meta" | "value">, place: Place): Fence {
  const language = LANGUAGES.find((each) => each === lang);
  if (language === undefined)
    throw new ExampleFault(
      place,
      `no rule says how an example in "${lang ?? ""}" is checked; known are ${LANGUAGES.join(", ")}.`,
    );
  const attributes: Partial<Record<Name, string>> = {};
  let rest = meta ?? "";
  while (rest.trim() !== "") {
    const [all, name = "", quoted, bare] = /^\s*([\w-]+)(?:="([^"]*)"|=(\S+))?(?=\s|$)/.exec(rest) ?? [];
    if (all === undefined || !(name in ATTRIBUTES))
      throw new ExampleFault(
        place,
        `nobody knows what "${rest.trim()}" after the language means; known are ${Object.keys(ATTRIBUTES).join(", ")}.`,
      );
    const known = name as Name;
    const given = quoted ?? bare;
    if (ATTRIBUTES[known] === "text" && given === undefined)
      throw new ExampleFault(place, `${name} needs a value: ${name}="…".`);
    attributes[known] = given ?? known;
    rest = rest.slice(all.length);
  }
  return { ...place, language, text: value, attributes };
}
