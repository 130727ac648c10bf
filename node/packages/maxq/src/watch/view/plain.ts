import { sign, type Paint } from "../../print/paint.js";
import { duration } from "../../print/words.js";
import type { Ended, Progress, StageProgress } from "../progress.js";
import type { Folding } from "./folding.js";
import { footOf } from "./foot.js";
import { stageRows, stepRow, type Row } from "./rows.js";
import type { View } from "./view.js";

/** Up to so many steps of a stage get a line each. */
const singly = 50;
/** How long nothing may be said, in ms, before a line tells how far the run is. */
const silenceMs = 60_000;

/** One line for each thing that ends, for logs and pipes. Where a CI folds, a stage's lines are a group, written when it is over; what failed is told at once, outside. */
export class PlainView implements View {
  readonly live = false;
  /** Stages that have been told of by name, with when they ended: one that was retried ends again. */
  readonly #settled = new Map<string, number | null>();
  readonly #folded = new Map<string, string[]>();
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly write: (line: string) => void,
    private readonly progress: Progress,
    private readonly paint: Paint,
    private readonly folding: Folding | null = null,
  ) {}

  start(): void {
    this.#timer ??= setInterval(() => this.#say(footOf(this.progress, Date.now())), silenceMs);
  }

  note(line: string): void {
    this.#say(line);
  }

  ask(question: string | null): void {
    if (question !== null) this.#say(question);
  }

  ended(what: Ended): void {
    if (what.reason === "stage") this.#settle(what.stage);
    if (what.reason !== "step") return;
    const { step } = what;
    const stage = this.progress.stageOf(step);
    if (stage === undefined) return;
    const text = this.#line(stepRow(step, Date.now()));
    if (step.status === "failed" || (stage.total <= singly && this.folding === null)) this.#say(text);
    else if (stage.total <= singly) this.#fold(stage, [text]);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    for (const stage of this.progress.stages.values()) this.#settle(stage);
  }

  #settle(stage: StageProgress): void {
    if (this.#settled.has(stage.name) && this.#settled.get(stage.name) === stage.endedAt) return;
    this.#settled.set(stage.name, stage.endedAt);
    const [head, ...rest] = stageRows(stage, Date.now());
    if (head === undefined) return;
    // Steps that failed have been told when they did.
    const untold = rest.filter(({ steps, status }) => steps > 1 || status !== "failed");
    if (stage.total > singly)
      this.#fold(
        stage,
        untold.map((row) => this.#line(row)),
      );
    const lines = this.#folded.get(stage.name) ?? [];
    this.#folded.delete(stage.name);
    const folds = this.folding !== null && lines.length > 0 && stage.status === "completed";
    const title = this.#line(head);
    for (const each of folds ? this.folding(title, lines) : [...lines, title]) this.#say(each);
  }

  #fold(stage: StageProgress, lines: readonly string[]): void {
    this.#folded.set(stage.name, [...(this.#folded.get(stage.name) ?? []), ...lines]);
  }

  #say(text: string): void {
    this.#timer?.refresh();
    this.write(text);
  }

  #line(row: Row): string {
    const time = row.elapsedMs === null ? "" : ` (${duration(row.elapsedMs)})`;
    const text = row.text === "" ? "" : `: ${row.text}`;
    return `${row.depth === 0 ? "" : "  "}${sign(row.status, this.paint)} ${row.label}${time}${text}`;
  }
}
