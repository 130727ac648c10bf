const letter = (message: Buffer): string => String.fromCharCode(message[0]!);

/** What a client has asked on one connection and the server has not answered to the end, each as the text of its statement. */
export class Requests {
  readonly #prepared = new Map<string, string>();
  readonly #unanswered: string[] = [];
  #statement = "";

  /** Takes a message of the client in. Answers the statement that it completes; null if the server need not answer yet. */
  sent(message: Buffer): string | null {
    switch (letter(message)) {
      case "Q":
        return this.#asked(textAt(message, 5).text);
      case "P": {
        const name = textAt(message, 5);
        this.#statement = textAt(message, name.end).text;
        this.#prepared.set(name.text, this.#statement);
        break;
      }
      case "B": {
        const portal = textAt(message, 5);
        const name = textAt(message, portal.end).text;
        this.#statement = this.#prepared.get(name) ?? `prepared statement ${name}`;
        break;
      }
      case "S":
        return this.#asked(this.#statement);
    }
    return null;
  }

  #asked(statement: string): string {
    this.#unanswered.push(statement);
    return statement;
  }

  get areOpen(): boolean {
    return this.#unanswered.length > 0;
  }

  /** Takes a message of the server in. Answers the statement to which it was the last word; null before. */
  answered(message: Buffer): string | null {
    return letter(message) === "Z" ? (this.#unanswered.shift() ?? null) : null;
  }
}

function textAt(message: Buffer, start: number): { text: string; end: number } {
  const zero = message.indexOf(0, start);
  return { text: message.toString("utf8", start, zero), end: zero + 1 };
}
