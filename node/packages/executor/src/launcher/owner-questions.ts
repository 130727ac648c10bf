/** How long an answer is waited for, in ms: a launcher that is stopped must not hold up those who would stop it. */
const ANSWER_MS = 100;

/** What a launcher was asked about the owners of connections, and has not answered. */
export class OwnerQuestions {
  readonly #asked = new Map<number, (uid: number | null) => void>();
  #last = 0;

  /** `send` gets the question's number. Null: the launcher does not know, or does not answer. */
  ask(send: (question: number) => void): Promise<number | null> {
    const question = ++this.#last;
    return new Promise((resolve) => {
      const late = setTimeout(() => this.answered(question, null), ANSWER_MS);
      this.#asked.set(question, (uid) => {
        clearTimeout(late);
        resolve(uid);
      });
      send(question);
    });
  }

  answered(question: number, uid: number | null): void {
    const resolve = this.#asked.get(question);
    this.#asked.delete(question);
    resolve?.(uid);
  }

  /** The launcher is gone. */
  giveUp(): void {
    for (const question of [...this.#asked.keys()]) this.answered(question, null);
  }
}
