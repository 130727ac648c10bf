/** A statement as its file spells it, understood. */
export interface ScannedStatement {
  /** Names of its `:name` parameters, each once, in the order in which they first appear. */
  readonly parameters: readonly string[];
  /** The text with `$1`, `$2` … in their place, numbered in that order. */
  readonly positional: string;
  /** The text with a `?` in place of each, also of a repeated one; `inOrder` names them. */
  readonly anonymous: string;
  readonly inOrder: readonly string[];
}

// Comments, strings, quoted identifiers and dollar quotes: a colon in them is no parameter.
const OPAQUE =
  /--[^\n]*|\/\*[\s\S]*?\*\/|\b[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|\$([A-Za-z_]\w*)?\$[\s\S]*?\$\1\$/g;
// Not the second colon of a cast (`x::text`), nor that of a slice (`list[1:n]`).
const PARAMETER = /(?<![\w:\])]):([A-Za-z_]\w*)/g;

/** Finds the parameters of one statement. Throws on two statements in one text and on nested comments. */
export function scanStatement(text: string): ScannedStatement {
  const bare = text.replace(OPAQUE, (opaque) => " ".repeat(opaque.length));
  if (bare.includes("*/")) throw new Error("it nests comments: write them one after the other");
  if (bare.trimEnd().replace(/;$/, "").includes(";")) throw new Error("it holds more than one statement");
  const parameters: string[] = [];
  const inOrder: string[] = [];
  let positional = "";
  let anonymous = "";
  let end = 0;
  for (const match of bare.matchAll(PARAMETER)) {
    const name = match[1]!;
    if (!parameters.includes(name)) parameters.push(name);
    inOrder.push(name);
    const before = text.slice(end, match.index);
    positional += `${before}$${parameters.indexOf(name) + 1}`;
    anonymous += `${before}?`;
    end = match.index + match[0].length;
  }
  const rest = text.slice(end);
  return { parameters, positional: positional + rest, anonymous: anonymous + rest, inOrder };
}
