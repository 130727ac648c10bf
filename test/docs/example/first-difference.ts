/** Where what was printed leaves what a page says. */
export interface Difference {
  /** Of the page's text, from 1. */
  readonly line: number;
  readonly expected: string;
  readonly came: string;
}

/**
 * Compares what a page says with what came, line by line, ends of lines without their blanks. In what the page says, `…` stands for any text within a line,
 * and alone in a line for any number of lines. Null: it fits.
 */
export function firstDifference(expected: string, came: string): Difference | null {
  const wanted = linesOf(expected);
  const lines = linesOf(came);
  // The farthest that the page's lines were followed is where to look.
  let farthest = { wanted: 0, line: 0 };
  const fits = (at: number, line: number): boolean => {
    if (at > farthest.wanted || (at === farthest.wanted && line > farthest.line))
      farthest = { wanted: at, line };
    const next = wanted[at];
    if (next === undefined) return line === lines.length;
    if (next.trim() === "…") return fits(at + 1, line) || (line < lines.length && fits(at, line + 1));
    const here = lines[line];
    return here !== undefined && pattern(next).test(here) && fits(at + 1, line + 1);
  };
  if (fits(0, 0)) return null;
  return {
    line: farthest.wanted + 1,
    expected: wanted[farthest.wanted] ?? "nothing more",
    came: lines[farthest.line] ?? "nothing more",
  };
}

function linesOf(text: string): string[] {
  const lines = text.split("\n").map((line) => line.trimEnd());
  while (lines.at(-1) === "") lines.pop();
  return lines;
}

function pattern(line: string): RegExp {
  const parts = line.split("…").map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}
