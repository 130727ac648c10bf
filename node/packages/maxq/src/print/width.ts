import stringWidth from "string-width";

const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });

/** Cuts plain text (no colours) to so many columns of a terminal; what was cut shows as `…`. Reads no further than it must: it is called for every line of every frame. */
export function cutToWidth(text: string, columns: number): string {
  if (columns <= 0) return "";
  let width = 0;
  let kept = 0;
  for (const { segment, index } of graphemes.segment(text)) {
    width += widthOf(segment);
    if (width > columns) return `${text.slice(0, kept)}…`;
    if (width <= columns - 1) kept = index + segment.length;
  }
  return text;
}

function widthOf(segment: string): number {
  const code = segment.charCodeAt(0);
  return segment.length === 1 && code >= 32 && code < 127 ? 1 : stringWidth(segment);
}

/** Pads plain text with blanks to so many columns. */
export function padToWidth(text: string, columns: number): string {
  return text + " ".repeat(Math.max(0, columns - stringWidth(text)));
}
