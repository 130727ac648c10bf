import type { Progress, StageProgress } from "../progress.js";
import { formatRow } from "./format.js";
import { callRows, stageRows, type Row } from "./rows.js";
import type { View } from "./view.js";
import { duration, painter, type Paint } from "./words.js";
import { cutToWidth } from "./width.js";

/** A terminal. `columns` and `rows` are read anew for each frame; some say 0 when they do not know. */
export interface Terminal {
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
  readonly #paint: Paint;
  readonly #settled = new Set<StageProgress>();
  #pending: string[] = [];
  #drawn = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(
    private readonly terminal: Terminal,
    private readonly progress: Progress,
    colours: boolean,
    private readonly now: () => number = Date.now,
  ) {
    this.#paint = painter(colours);
  }

  start(): void {
    this.#timer ??= setInterval(() => this.draw(), frameMs);
    this.draw();
  }

  note(line: string): void {
    this.#pending.push(line);
  }

  ended(): void {
    // The next frame shows it.
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
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
      const over = stage.status !== "pending" && stage.status !== "running";
      if (this.#settled.has(stage) || !(over || all)) continue;
      this.#settled.add(stage);
      this.#pending.push(...this.#format(stageRows(stage, this.now())));
    }
  }

  #liveLines(): string[] {
    const open = [...this.progress.stages.values()].filter((stage) => !this.#settled.has(stage));
    const rows = [
      ...open.flatMap((stage) => stageRows(stage, this.now())),
      ...callRows(this.progress, this.now()),
    ];
    const room = Math.max(1, Math.min(mostRows, (this.terminal.rows || 24) - 2) - 1);
    const shown = fit(rows, room);
    const hidden = rows.length - shown.length;
    const elapsed = duration(this.now() - this.progress.startedAt);
    const more = hidden > 0 ? `, ${hidden} rows not shown` : "";
    const foot = cutToWidth(
      `  ${this.progress.flowName} · ${this.progress.status} · ${elapsed}${more}`,
      this.#columns(),
    );
    return [...this.#format(shown), this.#paint("dim", foot)];
  }

  #format(rows: readonly Row[]): string[] {
    return rows.map((row) => formatRow(row, this.#columns(), this.#paint));
  }

  #columns(): number {
    return Math.max(10, (this.terminal.columns || 80) - 1);
  }

  /** Goes up over what was drawn, writes what has settled and then the live lines, and clears what is left below. */
  #write(live: readonly string[]): void {
    const up = this.#drawn > 0 ? `\x1b[${this.#drawn}A` : "";
    const lines = [...this.#pending, ...live].map((line) => `\x1b[2K${line}\n`).join("");
    this.#pending = [];
    this.#drawn = live.length;
    this.terminal.write(`\r${up}${lines}\x1b[J`);
  }
}

/** The rows that there is room for: what runs or failed before what waits or is done. */
function fit(rows: readonly Row[], room: number): readonly Row[] {
  if (rows.length <= room) return rows;
  const weight = (row: Row): number =>
    row.depth === 0 ? 0 : row.status === "failed" ? 1 : row.status === "running" ? 2 : 3;
  const kept = new Set([...rows].sort((a, b) => weight(a) - weight(b)).slice(0, room));
  return rows.filter((row) => kept.has(row));
}
