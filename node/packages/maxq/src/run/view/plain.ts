import type { Ended, Progress, StageProgress } from "../progress.js";
import { stageRows, stepRow, type Row } from "./rows.js";
import { duration, painter, sign } from "./words.js";
import type { View } from "./view.js";

/** Up to so many steps of a stage get a line each. */
const singly = 50;

const noColours = painter(false);

/** One line for each thing that ends, for logs and pipes. Never longer than what happened. */
export class PlainView implements View {
  readonly #settled = new Set<StageProgress>();

  constructor(
    private readonly write: (line: string) => void,
    private readonly progress: Progress,
  ) {}

  start(): void {
    // Lines come as things end.
  }

  note(line: string): void {
    this.write(line);
  }

  ended(what: Ended): void {
    if (what.reason === "stage") this.#settle(what.stage);
    if (what.reason !== "step") return;
    const { step } = what;
    const stage = [...this.progress.stages.values()].find(({ steps }) => steps.has(step.id));
    if (stage === undefined) return;
    if (stage.total <= singly || step.status === "failed") this.write(line(stepRow(step, Date.now())));
  }

  stop(): void {
    for (const stage of this.progress.stages.values()) this.#settle(stage);
  }

  #settle(stage: StageProgress): void {
    if (this.#settled.has(stage)) return;
    this.#settled.add(stage);
    const [head, ...rest] = stageRows(stage, Date.now());
    if (stage.total > singly) rest.forEach((row) => this.write(line(row)));
    if (head !== undefined) this.write(line(head));
  }
}

function line(row: Row): string {
  const time = row.elapsedMs === null ? "" : ` (${duration(row.elapsedMs)})`;
  const text = row.text === "" ? "" : `: ${row.text}`;
  return `${row.depth === 0 ? "" : "  "}${sign(row.status, noColours)} ${row.label}${time}${text}`;
}
