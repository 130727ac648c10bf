import { transitions, type Noun, type Transition } from "./transitions.js";

const headings: Readonly<Record<Noun, string>> = { run: "Run", stage: "Stage", step: "Step (and flow call)" };

/** The legal moves as Markdown: for each noun a mermaid diagram and a table. Ends with a newline. */
export function renderTransitions(): string {
  const nouns = Object.keys(headings) as Noun[];
  return nouns.map((noun) => section(headings[noun], transitions[noun])).join("\n");
}

function section(heading: string, moves: readonly Transition<string>[]): string {
  return `## ${heading}\n\n${diagram(moves)}\n${table(moves)}`;
}

/** One arrow for each move. */
function diagram(moves: readonly Transition<string>[]): string {
  const arrows = moves.map(({ from, to, verb }) => `  ${from ?? "[*]"} --> ${to}: ${verb}\n`);
  return `\`\`\`mermaid\nstateDiagram-v2\n${arrows.join("")}\`\`\`\n`;
}

function table(moves: readonly Transition<string>[]): string {
  const rows = moves.map(({ from, to, verb, when }) => `| ${from ?? "—"} | ${to} | ${verb} | ${when} |\n`);
  return `| from | to | verb | when |\n|---|---|---|---|\n${rows.join("")}`;
}
