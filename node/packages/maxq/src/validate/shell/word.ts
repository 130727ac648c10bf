/** What a shell makes of a word. */
export interface Word {
  readonly text: string;
  /** For each character of the text, where it stands in the script. */
  readonly offsets: readonly number[];
  /** Whether a part of it is in quotes. */
  readonly quoted: boolean;
  /** Whether it holds no expansion: then the text is the whole word. */
  readonly literal: boolean;
}

/** Puts a word together. */
export class WordBuilder {
  readonly #characters: string[] = [];
  readonly #offsets: number[] = [];
  #quoted = false;
  #literal = true;

  add(character: string, offset: number): void {
    if (character === "") return;
    this.#characters.push(character);
    this.#offsets.push(offset);
  }

  quote(): void {
    this.#quoted = true;
  }

  /** Something stands here that is only known when the script runs. */
  expand(): void {
    this.#literal = false;
  }

  word(): Word {
    return {
      text: this.#characters.join(""),
      offsets: this.#offsets,
      quoted: this.#quoted,
      literal: this.#literal,
    };
  }
}
