import { styleText } from "node:util";
import type { RunStatus, StageStatus, StepStatus } from "@maxq/core";

type Style = "bold" | "dim" | "red" | "green" | "yellow" | "cyan";

/** Adds a colour, or does not. */
export type Paint = (style: Style, text: string) => string;

/** Colours where the stream is a terminal that has some, unless NO_COLOR is set; FORCE_COLOR adds them anywhere. Null: none. */
export function painter(stream: NodeJS.WritableStream | null): Paint {
  if (stream === null) return (_style, text) => text;
  return (style, text) => (text === "" ? "" : styleText(style, text, { stream, validateStream: true }));
}

const signs = {
  completed: ["green", "✔"],
  failed: ["red", "✘"],
  running: ["cyan", "●"],
  cancelled: ["yellow", "⊘"],
  aborted: ["yellow", "⊘"],
  paused: ["yellow", "‖"],
  pending: ["dim", "·"],
} as const;

/** One sign for each status, as wide as a letter. */
export function sign(status: RunStatus | StageStatus | StepStatus, paint: Paint): string {
  const [style, text] = signs[status];
  return paint(style, text);
}
