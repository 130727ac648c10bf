import { nothingIsLeftOf, processesMarked, startProgram, type Program } from "@maxq/test-kit";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ExampleFault, readFence, type Fence } from "../page/fence.js";
import type { Page } from "../page/page.js";
import { before } from "./before.js";
import { judge } from "./judge.js";
import { Surroundings } from "./surroundings.js";

const driver = join(import.meta.dirname, "driver.sh");
/** A page that takes longer hangs. It takes seconds; minutes where the machine has much else to do. */
export const PATIENCE_MS = 240_000;

/** What the shell of a page does for a fence. */
export interface Example {
  readonly fence: Fence;
  readonly kind: "run" | "exit" | `server ${string}`;
  /** The name of its files in the folder that the driver is given. */
  readonly number: string;
  /** What it is said to print. */
  readonly printed: Fence | null;
}

/**
 * Runs the examples of a page that `runs` is true for, in order and in one shell, writes the files that it shows when their turn comes, and looks at what is printed.
 * Throws an `ExampleFault` for the first that fails. Leaves no process.
 */
export async function runPage(page: Page, runs: (fence: Fence) => boolean): Promise<void> {
  const examples = [...examplesBefore(page.name), ...examplesOf(page, runs)];
  if (examples.length === 0) return;
  const surroundings = await Surroundings.for(examples.map(({ fence }) => fence.text).join("\n"));
  try {
    await runIn(surroundings, examples);
  } finally {
    await surroundings.remove();
  }
}

function examplesBefore(name: string): Example[] {
  const { bash, server } = before[name] ?? {};
  const fence = (text: string): Fence =>
    readFence({ lang: "bash", value: text }, { page: `before ${name}`, line: 0, before: "" });
  return [
    ...(bash === undefined
      ? []
      : [{ fence: fence(bash), kind: "run" as const, number: "000", printed: null }]),
    ...(server === undefined
      ? []
      : [{ fence: fence(server), kind: "server server" as const, number: "001", printed: null }]),
  ];
}

function examplesOf({ fences }: Page, runs: (fence: Fence) => boolean): Example[] {
  return fences.flatMap((fence, index) => {
    const { server, exit, title } = fence.attributes;
    if ((fence.language !== "bash" && title === undefined) || !runs(fence)) return [];
    const kind = server !== undefined ? (`server ${server}` as const) : exit !== undefined ? "exit" : "run";
    const next = fences[index + 1];
    const number = String(index + 2).padStart(3, "0");
    return [{ fence, kind, number, printed: next?.language === "console" ? next : null }];
  });
}

async function runIn(surroundings: Surroundings, examples: readonly Example[]): Promise<void> {
  const at = join(surroundings.folder, ".examples");
  mkdirSync(at);
  for (const { fence, kind, number } of examples) {
    const text = `${surroundings.fromPage(fence.text)}\n`;
    const title = fence.attributes.title && surroundings.fromPage(fence.attributes.title);
    if (title?.startsWith("/") && !title.startsWith(surroundings.folder))
      throw new ExampleFault(fence, `${title} is not in the folder of the page: see surroundings.ts.`);
    writeFileSync(join(at, `${number}.kind`), `${kind}\n`);
    writeFileSync(join(at, `${number}.sh`), title === undefined ? text : writes(title, join(at, number)));
    if (title !== undefined) writeFileSync(join(at, number), text);
  }
  const { folder: cwd, environment: env } = surroundings;
  const shell = startProgram({ command: "bash", args: [driver, at], cwd, env });
  const hangs = setTimeout(() => end(shell), PATIENCE_MS);
  await shell.ended;
  clearTimeout(hangs);
  await nothingIsLeftOf(shell.mark);
  judge({ at, examples, surroundings, shell: shell.output() });
}

/** A shell heeds no signal while it waits for an example, so all of them go. */
function end({ mark }: Program): void {
  for (const { pid } of processesMarked(mark)) process.kill(pid, "SIGKILL");
}

/** Puts a file where the page shows it, as an editor does: one that is there keeps its mode. */
function writes(title: string, file: string): string {
  return `mkdir -p "$(dirname '${title}')" && cat '${file}' > '${title}'\n`;
}
