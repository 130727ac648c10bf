import { ShellReader, type Command, type Word } from "./reader.js";

/** A text that stands literally in a shell script: what a command would get, whatever happens before. */
export interface Literal {
  readonly kind: "word" | "heredoc";
  readonly text: string;
  /** For each character of the text, where it stands in the script. */
  readonly offsets: readonly number[];
  readonly command: Command;
}

/** Quoted words and heredocs of a script that hold no expansion. Knows quotes, comments, substitutions and heredocs; what it cannot follow is left out. */
export function literalsOf(script: string): Literal[] {
  const found: Literal[] = [];
  new ShellReader(script, (kind, word: Word, command) => {
    if (word.literal) found.push({ kind, text: word.text, offsets: word.offsets, command });
  }).readAll();
  return found;
}
