import { heredocBody, type Heredoc } from "./heredoc.js";
import { WordBuilder, type Word } from "./word.js";

export type { Word } from "./word.js";

/** Where a command's stdout goes. */
export interface Pipeline {
  /** All words of the pipeline, as they are written, with a `|` between its commands. */
  readonly pipeline: readonly string[];
  /** How many words of it come before. */
  readonly place: number;
  /** Where its stdout is sent, as it is written: `>>"$MAXQ_OUTPUT"`, `>&2`. */
  readonly redirections: readonly string[];
  /** The group of commands, `{ …; }` or `( … )`, that it is one of. */
  readonly within: Pipeline | null;
}

/** The command that a literal belongs to. Filled as its words are read: complete when the script has been. */
export interface Command extends Pipeline {
  /** The words before the literal, as far as they are literal; "" for the others. */
  readonly before: readonly string[];
}

type Emit = (kind: "word" | "heredoc", word: Word, command: Command) => void;

/** A command while it is read. */
interface Open {
  before: string[];
  pipeline: string[];
  place: number;
  redirections: string[];
  within: Open | null;
}

const blank = /[ \t]/;
const operator = /[\s;&|<>()]/;
/** Words after which a command begins. */
const keyword = /^(if|then|elif|else|while|until|do|time|!)$/;

/** Follows a shell script from its beginning, once, and hands out quoted words and heredocs. Never fails: what is no shell script is read as if it were one. */
export class ShellReader {
  #at = 0;
  readonly #waiting: Heredoc[] = [];

  constructor(
    private readonly text: string,
    private readonly emit: Emit,
  ) {}

  readAll(): void {
    while (this.#at < this.text.length) this.#commands(null);
  }

  /** Commands up to the closing character, or to the end; of a group in parentheses, or of none. */
  #commands(until: ")" | "`" | null, group: Open | null = null): void {
    let open = begun(group);
    while (this.#at < this.text.length) {
      const char = this.text[this.#at] ?? "";
      if (char === until) {
        this.#at++;
        return;
      }
      if (blank.test(char)) this.#at++;
      else if (char === "(") open = this.#parentheses(open);
      else if (char === "\n" || ";&|)".includes(char)) open = this.#operator(char, open);
      else if (char === "#") this.#comment();
      else if (char === "<" || char === ">") this.#redirection(until, open);
      else if (char === "{" && this.#isBrace(open)) open = begun(inside(open));
      else if (char === "}" && open.before.length === 0 && this.#isBrace(open)) open = open.within ?? open;
      else open.before.push(this.#word(until, open));
    }
  }

  /** Whether a brace that stands here begins or ends a group: then it is passed. */
  #isBrace({ before }: Open): boolean {
    const isAlone = operator.test(this.text[this.#at + 1] ?? "\n");
    const isFirst = before.length === 0 || keyword.test(before.at(-1) ?? "");
    if (isAlone && isFirst) this.#at++;
    return isAlone && isFirst;
  }

  /** What comes after an operator is another command: of the same pipeline, or of the same group. */
  #operator(char: string, open: Open): Open {
    const isOr = this.text.startsWith("||", this.#at);
    this.#at += isOr ? 2 : 1;
    if (char === "\n") this.#heredocs();
    if (char !== "|" || isOr) return begun(open.within);
    open.pipeline.push("|");
    return { ...open, before: [] };
  }

  /** `( … )`: what comes behind it is said of all that is in it. */
  #parentheses(open: Open): Open {
    if (this.text.startsWith("((", this.#at)) {
      this.#skipArithmetic();
      return begun(open.within);
    }
    const group = inside(open);
    this.#at++;
    this.#commands(")", group);
    return group;
  }

  #comment(): void {
    const end = this.text.indexOf("\n", this.#at);
    this.#at = end < 0 ? this.text.length : end;
  }

  #redirection(until: ")" | "`" | null, open: Open): void {
    if (this.text.startsWith("<<<", this.#at)) this.#at += 3;
    else if (this.text.startsWith("<<", this.#at)) this.#heredocStart(open);
    else if (this.text[this.#at + 1] === "(") {
      this.#at += 2;
      this.#commands(")");
    } else if (this.text[this.#at] === ">") this.#outputRedirection(until, open);
    else this.#at++;
  }

  #outputRedirection(until: ")" | "`" | null, open: Open): void {
    const start = this.#at;
    const descriptor = /[02-9]/.test(this.text[start - 1] ?? "");
    this.#at += /^>[>|&]?/.exec(this.text.slice(start, start + 2))?.[0].length ?? 1;
    while (blank.test(this.text[this.#at] ?? "")) this.#at++;
    this.#readWord(new WordBuilder(), until);
    if (!descriptor) open.redirections.push(this.text.slice(start, this.#at));
  }

  #heredocStart(open: Open): void {
    this.#at += 2;
    const stripsTabs = this.text[this.#at] === "-";
    if (stripsTabs) this.#at++;
    while (blank.test(this.text[this.#at] ?? "")) this.#at++;
    const start = this.#at;
    const builder = new WordBuilder();
    this.#readWord(builder, null);
    const quoted = /["'\\]/.test(this.text.slice(start, this.#at));
    this.#waiting.push({ end: builder.word().text, quoted, stripsTabs, command: at(open) });
  }

  /** After a line break: the bodies of the heredocs that the line began. */
  #heredocs(): void {
    for (let heredoc = this.#waiting.shift(); heredoc !== undefined; heredoc = this.#waiting.shift()) {
      const start = this.#at;
      let end = start;
      for (;;) {
        const next = this.text.indexOf("\n", end);
        const line = this.text.slice(end, next < 0 ? this.text.length : next);
        if ((heredoc.stripsTabs ? line.replace(/^\t+/, "") : line) === heredoc.end || next < 0) {
          this.#at = next < 0 ? this.text.length : next + 1;
          break;
        }
        end = next + 1;
      }
      this.emit("heredoc", heredocBody(this.text.slice(start, end), start, heredoc.quoted), heredoc.command);
    }
  }

  /** A word; hands it out if a part of it is quoted, and answers its text, "" where it is not literal. */
  #word(until: ")" | "`" | null, open: Open): string {
    const builder = new WordBuilder();
    const start = this.#at;
    this.#readWord(builder, until);
    open.pipeline.push(this.text.slice(start, this.#at));
    const word = builder.word();
    if (word.quoted) this.emit("word", word, at(open));
    return word.literal ? word.text : "";
  }

  #readWord(builder: WordBuilder, until: ")" | "`" | null): void {
    const start = this.#at;
    while (this.#at < this.text.length) {
      const char = this.text[this.#at] ?? "";
      if (operator.test(char) || (char === until && until === "`")) break;
      this.#piece(char, builder);
    }
    if (this.#at === start) this.#at++; // Whatever this is, it is passed by.
  }

  #piece(char: string, builder: WordBuilder): void {
    if (char === "\\") {
      if (this.text[this.#at + 1] !== "\n") builder.add(this.text[this.#at + 1] ?? "", this.#at + 1);
      this.#at += 2;
    } else if (char === "'") this.#singleQuoted(builder);
    else if (char === '"') this.#doubleQuoted(builder);
    else if (char === "$") this.#expansion(builder, false);
    else if (char === "`") this.#backquoted(builder);
    else builder.add(char, this.#at++);
  }

  #singleQuoted(builder: WordBuilder): void {
    builder.quote();
    const close = this.text.indexOf("'", this.#at + 1);
    const end = close < 0 ? this.text.length : close;
    for (let at = this.#at + 1; at < end; at++) builder.add(this.text[at] ?? "", at);
    this.#at = end + 1;
  }

  #doubleQuoted(builder: WordBuilder): void {
    builder.quote();
    this.#at++;
    while (this.#at < this.text.length && this.text[this.#at] !== '"') {
      const char = this.text[this.#at] ?? "";
      const next = this.text[this.#at + 1] ?? "";
      if (char === "\\" && '$`"\\\n'.includes(next)) {
        if (next !== "\n") builder.add(next, this.#at + 1);
        this.#at += 2;
      } else if (char === "$") this.#expansion(builder, true);
      else if (char === "`") this.#backquoted(builder);
      else builder.add(char, this.#at++);
    }
    this.#at++;
  }

  #backquoted(builder: WordBuilder): void {
    builder.expand();
    this.#at++;
    this.#commands("`");
  }

  #expansion(builder: WordBuilder, quoted: boolean): void {
    const rest = this.text.slice(this.#at + 1, this.#at + 3);
    if (rest === "((") {
      builder.expand();
      this.#at++;
      this.#skipArithmetic();
    } else if (rest.startsWith("(")) {
      builder.expand();
      this.#at += 2;
      this.#commands(")");
    } else if (rest.startsWith("{")) {
      builder.expand();
      this.#braces();
    } else if (!quoted && rest.startsWith("'")) {
      builder.expand();
      this.#at += 2;
      while (this.#at < this.text.length && this.text[this.#at] !== "'")
        this.#at += this.text[this.#at] === "\\" ? 2 : 1;
      this.#at++;
    } else {
      if (/^[\w@*#?$!-]/.test(rest)) builder.expand();
      else builder.add("$", this.#at);
      this.#at++;
    }
  }

  /** `${…}`: only its end matters. */
  #braces(): void {
    const ignored = new WordBuilder();
    this.#at += 2;
    while (this.#at < this.text.length && this.text[this.#at] !== "}") {
      const char = this.text[this.#at] ?? "";
      if (char === "'") this.#at++;
      else this.#piece(char, ignored);
    }
    this.#at++;
  }

  /** `((…))`: a `<<` in it is no heredoc. */
  #skipArithmetic(): void {
    let depth = 0;
    for (; this.#at < this.text.length; this.#at++) {
      if (this.text[this.#at] === "(") depth++;
      if (this.text[this.#at] === ")" && --depth === 0) break;
    }
    this.#at++;
  }
}

/** A command that begins, in a group or in none. */
function begun(within: Open | null): Open {
  return { before: [], pipeline: [], place: 0, redirections: [], within };
}

/** The group that begins in place of a command. */
function inside(open: Open): Open {
  return { ...open, before: [], place: open.pipeline.length };
}

/** The command as it is at this place; what is still to be read of it is added. */
function at(open: Open): Command {
  return { ...open, before: [...open.before], place: open.pipeline.length };
}
