import type { Command } from "./reader.js";
import { WordBuilder, type Word } from "./word.js";

/** A heredoc whose body comes after the line that begins it. */
export interface Heredoc {
  /** The line that ends it. */
  readonly end: string;
  /** Nothing in its body is expanded. */
  readonly quoted: boolean;
  /** `<<-`. */
  readonly stripsTabs: boolean;
  readonly command: Command;
}

/** The text that a heredoc hands over. */
export function heredocBody(text: string, start: number, quoted: boolean): Word {
  const builder = new WordBuilder();
  builder.quote();
  for (let at = 0; at < text.length; at++) {
    const char = text[at] ?? "";
    const next = text[at + 1] ?? "";
    if (!quoted && char === "\\" && "$`\\\n".includes(next) && next !== "") {
      at++;
      if (next !== "\n") builder.add(next, start + at);
      continue;
    }
    if (!quoted && (char === "`" || (char === "$" && /[\w({@*#?$!-]/.test(next)))) builder.expand();
    builder.add(char, start + at);
  }
  return builder.word();
}
