import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ExampleFault } from "../page/fence.js";
import { firstDifference } from "./first-difference.js";
import type { Example } from "./run-page.js";
import type { Surroundings } from "./surroundings.js";

/** What the shell of a page has left. */
export interface Outcome {
  /** The folder that the driver was given. */
  readonly at: string;
  readonly examples: readonly Example[];
  readonly surroundings: Surroundings;
  /** What it said itself. */
  readonly shell: string;
}

/** Looks at what the examples of a page did. Throws an `ExampleFault` for the first that did something else than the page says. */
export function judge({ at, examples, surroundings, shell }: Outcome): void {
  const read = (name: string): string | null => {
    const file = join(at, name);
    return existsSync(file) ? surroundings.toPage(readFileSync(file, "utf8")) : null;
  };
  const failed = read("failed")?.split("\n");
  const last = examples.findLast(({ number }) => read(`${number}.out`) !== null);
  for (const example of examples) {
    const { fence, number, printed } = example;
    const output = read(`${number}.out`);
    if (failed?.[0] === number) {
      const [, line = "1", code = "?", ...command] = failed;
      const what = command.join("\n").trim();
      const came = `\`${what}\` ended with exit code ${code}, expected 0. It printed:\n${output}`;
      throw new ExampleFault({ page: fence.page, line: fence.line + Number(line) }, came);
    }
    if (output === null || (example === last && failed === undefined && read("done") === null))
      throw new ExampleFault(
        fence,
        `this did not come to its end, and was killed. It printed:\n${output ?? shell}`,
      );
    const { exit } = fence.attributes;
    const code = read(`${number}.code`)?.trim();
    if (exit !== undefined && code !== exit)
      throw new ExampleFault(
        fence,
        `\`${fence.text}\` ended with exit code ${code ?? "?"}, expected ${exit}. It printed:\n${output}`,
      );
    const difference = printed === null ? null : firstDifference(printed.text, output);
    if (printed !== null && difference !== null)
      throw new ExampleFault(
        { page: printed.page, line: printed.line + difference.line },
        `\`${fence.text}\` printed\n  ${difference.came}\nand the page says\n  ${difference.expected}\nAll that it printed:\n${output}`,
      );
  }
}
