/** A text less the byte order mark that some editors and tools put before it: JSON knows none. */
export function withoutByteOrderMark(text: string): string {
  return text.startsWith("\ufeff") ? text.slice(1) : text;
}
