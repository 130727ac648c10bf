import { commands } from "../../../node/packages/maxq/src/command/commands.js";
import { makeProgram } from "../../../node/packages/maxq/src/command/program.js";
import type { Page, Piece } from "../page/page.js";

const program = makeProgram(commands, { environment: {} } as never, () => undefined, {});

type Command = typeof program;

/** The names of all commands of `maxq`. */
export const commandNames: readonly string[] = program.commands.map((command) => command.name());

/** One line for each `maxq …` of the pages that names a command or an option that there is not. */
export function unknownCommands(pages: readonly Page[]): string[] {
  return pages.flatMap((page) =>
    [...calls(page)].flatMap(({ text, line }) => {
      const fault = faultOf(text);
      return fault === null ? [] : [`${page.name}:${line}: maxq${text}: ${fault}`];
    }),
  );
}

/** What follows each `maxq` that begins a code span, or a command in an example of bash. */
function* calls({ codes, fences }: Page): Generator<Piece> {
  for (const { text, line } of codes) {
    const [, rest] = /^(?:npx )?maxq((?: |$).*)/s.exec(text) ?? [];
    if (rest !== undefined) yield { text: rest, line };
  }
  for (const { language, text, line } of fences) {
    if (language !== "bash") continue;
    for (const [index, each] of text.split("\n").entries())
      for (const [, rest = ""] of each.matchAll(/(?:^|[\s;&|(])maxq(?=[ )]|$)([^;&|)#>]*)/g))
        yield { text: rest, line: line + 1 + index };
  }
}

function faultOf(text: string): string | null {
  const words = text.split(/\s+/).filter((word) => word !== "");
  const [first] = words;
  const command = program.commands.find((each) => each.name() === first);
  if (command === undefined && first !== undefined && /^[a-z][\w-]*$/.test(first))
    return `there is no command ${first}.`;
  const unknown = words.find((word) => /^--[a-z]/.test(word) && !takes(command ?? program, optionOf(word)));
  return unknown === undefined ? null : `there is no option ${optionOf(unknown)}.`;
}

function optionOf(word: string): string {
  return /^--[\w-]+/.exec(word)![0];
}

function takes(command: Command, option: string): boolean {
  const own = [...command.options, ...program.options].map(({ long }) => long);
  return [...own, "--help"].includes(option);
}
