import type { ReadStream } from "node:tty";
import type { View } from "./view/view.js";

/** What is to become of a run that is watched. */
export type Choice = "detach" | "abort" | "go on";

const question = "  [d]etach, the run goes on (Enter) · [a]bort the run · [g]o on watching";

/** What a key means: Enter, a second Ctrl-C and the end of input detach; null: nothing. */
export function choiceOf(key: string): Choice | null {
  if (["d", "D", "\r", "\n", "\x03", "\x04"].includes(key)) return "detach";
  if (key === "a" || key === "A") return "abort";
  return key === "g" || key === "G" || key === "\x1b" ? "go on" : null;
}

const asking = new WeakMap<ReadStream, Promise<Choice>>();

/** Asks at the terminal, with one key. Asked again before the answer, it is the same question. */
export function askWhatNow(stdin: ReadStream, view: View): Promise<Choice> {
  const asked = asking.get(stdin) ?? readChoice(stdin, view).finally(() => asking.delete(stdin));
  asking.set(stdin, asked);
  return asked;
}

function readChoice(stdin: ReadStream, view: View): Promise<Choice> {
  return new Promise((resolve) => {
    const finish = (choice: Choice): void => {
      stdin.off("data", read).off("end", ended);
      stdin.setRawMode(false);
      stdin.pause();
      view.ask(null);
      resolve(choice);
    };
    const read = (data: Buffer): void => {
      const choice = choiceOf(data.toString("latin1"));
      if (choice !== null) finish(choice);
    };
    const ended = (): void => finish("detach");
    view.ask(question);
    stdin.setRawMode(true);
    stdin.on("data", read).on("end", ended).resume();
  });
}
