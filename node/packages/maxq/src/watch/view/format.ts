import stringWidth from "string-width";
import { sign, type Paint } from "../../print/paint.js";
import { cutToWidth, padToWidth } from "../../print/width.js";
import { duration } from "../../print/words.js";
import type { Row } from "./rows.js";

const labelWidth = 28;
const timeWidth = 12;

/** One row as a line of at most so many columns. */
export function formatRow(row: Row, columns: number, paint: Paint): string {
  const indent = row.depth === 0 ? "" : "  ";
  const room = labelWidth - indent.length;
  const label = padToWidth(
    cutToWidth(row.label, Math.max(room, Math.min(stringWidth(row.label), columns / 2))),
    room,
  );
  const time = (row.elapsedMs === null ? "" : duration(row.elapsedMs)).padStart(timeWidth);
  const used = stringWidth(indent) + 2 + stringWidth(label) + timeWidth + 2;
  if (used >= columns)
    return `${indent}${sign(row.status, paint)} ${cutToWidth(row.label, columns - indent.length - 2)}`;
  const text = cutToWidth(row.text, columns - used);
  const name = row.depth === 0 ? paint("bold", label) : label;
  return `${indent}${sign(row.status, paint)} ${name}${paint("dim", time)}  ${paint("dim", text)}`.trimEnd();
}
