import type { Paint } from "../../print/paint.js";
import { cutToWidth } from "../../print/width.js";
import type { Progress, StageProgress } from "../progress.js";
import { footOf } from "./foot.js";
import { formatRow } from "./format.js";
import { callRows, stageRows, type Row } from "./rows.js";
import type { View } from "./view.js";

/** A terminal. `columns` and `rows` are read anew for each frame; some say 0 when they do not know. */
export interface Screen {
  write(text: string): unknown;
  readonly columns?: number;
  readonly rows?: number;
}

const mostRows = 14;
const frameMs = 100;

/**
 * Draws the tree in the last rows of a terminal, ten times a second, one write a frame. What is finished moves up into the scrollback and stays;
 * the rest of the screen is left alone.
 */
export class LiveView implements View {
  readonly live = true;
  /** Stages that are in the scrollback, with when they ended: one that was retried gets there again. */
  readonly #settled = new Map<StageProgress, number | null>();
  #pending: string[] = [];
  #question: string | null = null;
  #drawn = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly screen: Screen,
    private readonly progress: Progress,
    private readonly paint: Paint,
    private readonly now: () => number = Date.now,
  ) {}

  start(): void {
    this.#timer ??= setInterval(() => this.draw(), frameMs);
    this.draw();
  }

  note(line: string): void {
    this.#pending.push(line);
  }

  ask(question: string | null): void {
    this.#question = question;
    this.draw();
  }

  ended(): void {
    // The next frame shows it.
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#question = null;
    this.#settle(true);
    this.#write([]);
  }

  /** One frame. */
  draw(): void {
    this.#settle(false);
    this.#write(this.#liveLines());
  }

  #settle(all: boolean): void {
    for (const stage of this.progress.stages.values()) {
      const over = isOver(stage);
      if (!over) this.#settled.delete(stage);
      if (!(over || all) || this.#settled.get(stage) === stage.endedAt) continue;
      this.#settled.set(stage, stage.endedAt);
      this.#pending.push(...this.#format(stageRows(stage, this.now())));
    }
  }

  #liveLines(): string[] {
    const now = this.now();
    const open = [...this.progress.stages.values()].filter((stage) => !this.#settled.has(stage));
    const rows = [...open.flatMap((stage) => stageRows(stage, now)), ...callRows(this.progress, now)];
    const below = this.#question === null ? 1 : 2;
    const room = Math.max(1, Math.min(mostRows, (this.screen.rows || 24) - 2) - below);
    const shown = fit(rows, room);
    const hidden = rows.length - shown.length;
    const more = hidden > 0 ? ` · ${hidden} rows not shown` : "";
    const foot = cutToWidth(`  ${footOf(this.progress, now)}${more}`, this.#columns());
    const question = this.#question === null ? [] : [cutToWidth(this.#question, this.#columns())];
    return [
      ...this.#format(shown),
      this.paint("dim", foot),
      ...question.map((line) => this.paint("yellow", line)),
    ];
  }

  #format(rows: readonly Row[]): string[] {
    return rows.map((row) => formatRow(row, this.#columns(), this.paint));
  }

  #columns(): number {
    return Math.max(10, (this.screen.columns || 80) - 1);
  }

  /** Goes up over what was drawn, writes what has settled and then the live lines, and clears what is left below. */
  #write(live: readonly string[]): void {
    const up = this.#drawn > 0 ? `\x1b[${this.#drawn}A` : "";
    const lines = [...this.#pending, ...live].map((line) => `\x1b[2K${line}\n`).join("");
    this.#pending = [];
    this.#drawn = live.length;
    this.screen.write(`\r${up}${lines}\x1b[J`);
  }
}

function isOver({ status }: StageProgress): boolean {
  return status !== "pending" && status !== "running";
}

/** The rows that there is room for: what runs or failed before what waits or is done. */
function fit(rows: readonly Row[], room: number): readonly Row[] {
  if (rows.length <= room) return rows;
  const weight = (row: Row): number =>
    row.depth === 0 ? 0 : row.status === "failed" ? 1 : row.status === "running" ? 2 : 3;
  const kept = new Set([...rows].sort((a, b) => weight(a) - weight(b)).slice(0, room));
  return rows.filter((row) => kept.has(row));
}
