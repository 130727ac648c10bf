import stringWidth from "string-width";
import { padToWidth } from "./width.js";

/** A cell: what it says, and how it is painted. */
export interface Cell {
  readonly text: string;
  readonly paint?: (text: string) => string;
}

/** Lines of aligned columns, two blanks between them. Nothing is cut: lines may be wider than the terminal. */
export function table(rows: readonly (readonly (Cell | string)[])[]): string[] {
  const cells = rows.map((row) => row.map((cell) => (typeof cell === "string" ? { text: cell } : cell)));
  const columns = Math.max(0, ...cells.map((row) => row.length));
  const widths = [...Array(columns).keys()].map((column) =>
    Math.max(0, ...cells.map((row) => stringWidth(row[column]?.text ?? ""))),
  );
  return cells.map((row) =>
    row
      .map(({ text, paint = plain }, column) => {
        const width = column === row.length - 1 ? 0 : (widths[column] ?? 0);
        return paint(text) + padToWidth(text, width).slice(text.length);
      })
      .join("  ")
      .trimEnd(),
  );
}

function plain(text: string): string {
  return text;
}
