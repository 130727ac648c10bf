import { stripVTControlCharacters } from "node:util";

/** A duration for people: `40 ms`, `1.4 s`, `12 s`, `3 min 05 s`, `2 h 07 min`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, ms) / 1000;
  if (seconds < 1) return `${Math.round(Math.max(0, ms))} ms`;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${two(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${two((seconds % 3600) / 60)} min`;
}

/** A point in time for people, in local time: `2026-01-31 14:05:09`; "" for null. */
export function moment(at: number | null): string {
  if (at === null) return "";
  const time = new Date(at);
  const two = (value: number): string => String(value).padStart(2, "0");
  const day = `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())}`;
  return `${day} ${two(time.getHours())}:${two(time.getMinutes())}:${two(time.getSeconds())}`;
}

/** An amount of data for people: `812 bytes`, `4.1 MB`. */
export function size(bytes: number): string {
  if (bytes < 1_000) return `${bytes} bytes`;
  const power = Math.min(3, Math.floor(Math.log10(bytes) / 3));
  return `${(bytes / 1_000 ** power).toFixed(1)} ${["bytes", "kB", "MB", "GB"][power]}`;
}

/** `1 step`, `3 steps`. */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

/** One line of plain text: without colours, control characters and those that turn the direction of what follows, so that it moves nothing but itself. */
export function plainLine(text: string): string {
  return stripVTControlCharacters(text)
    .replaceAll(/[\t\r\n\u2028\u2029]/g, " ")
    .replaceAll(/[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]/g, "");
}

/** More than any terminal shows. */
const longestLine = 1_000;

/** The last line of some output that has more than white space, without colours and control characters; "" if there is none. */
export function lastLine(output: string): string {
  const lines = stripVTControlCharacters(output.slice(-4096)).split(/[\r\n]+/);
  const line = lines.findLast((one) => one.trim() !== "") ?? "";
  return plainLine(line.slice(0, longestLine)).trim();
}
