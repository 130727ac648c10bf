import type { Screen } from "../../src/watch/view/live.js";

/** A terminal that understands what the view writes: up, clear line, clear below. Remembers the scrollback. */
export class FakeScreen implements Screen {
  lines: string[] = [];
  #row = 0;
  writes = 0;
  constructor(
    readonly columns: number,
    readonly rows: number,
  ) {}

  write(text: string): void {
    this.writes += 1;
    for (const [, up, other] of text.matchAll(/\x1b\[(\d+)A|(\x1b\[2K|\x1b\[J|\r|\n|[^\x1b\r\n]+)/g)) {
      if (up !== undefined) this.#row -= Number(up);
      else if (other === "\x1b[2K") this.lines[this.#row] = "";
      else if (other === "\x1b[J") this.lines.length = this.#row;
      else if (other === "\n") this.#row += 1;
      else if (other !== undefined && other !== "\r")
        this.lines[this.#row] = (this.lines[this.#row] ?? "") + other;
    }
  }
}
