import type { RunLog } from "@maxq/core";
import type { Paint } from "../print/paint.js";
import type { Outlet } from "../print/outlet.js";
import { plainLine } from "../print/words.js";

export type StreamName = "stdout" | "stderr";

/** Where a line came from. */
export interface Origin {
  readonly stepId: string;
  readonly stream: StreamName;
  /** Null: the last one. */
  readonly attempt: number | null;
}

/** Lines of a run's log and of what its scripts printed, with their origin before them: `|` stdout, `!` stderr, `#` the log. */
export class LogLines {
  constructor(
    private readonly outlet: Outlet,
    /** Null: JSON, a line each. */
    private readonly paint: Paint | null,
  ) {}

  /** One line that a script printed, without its end. */
  async line(text: string, origin: Origin): Promise<void> {
    const { stepId, stream } = origin;
    const { paint } = this;
    if (paint === null) await this.#json({ type: "output", ...origin, text });
    else {
      const mark = stream === "stdout" ? "|" : "!";
      await this.outlet.write(
        `${paint(stream === "stdout" ? "cyan" : "red", `${stepId} ${mark}`)} ${text}\n`,
      );
    }
  }

  /** A stream of what a script printed, line by line. Answers whether there was any. */
  async output(stream: AsyncIterable<Uint8Array>, origin: Origin): Promise<boolean> {
    const decoder = new TextDecoder();
    let rest = "";
    let any = false;
    for await (const chunk of stream) {
      any ||= chunk.length > 0;
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const each of lines) await this.line(each, origin);
    }
    rest += decoder.decode();
    if (rest !== "") await this.line(rest, origin);
    return any;
  }

  /** A whole text that a script printed. */
  async text(text: string, origin: Origin): Promise<void> {
    if (text === "") return;
    for (const each of text.replace(/\n$/, "").split("\n")) await this.line(each, origin);
  }

  /** An entry of the run's log, each line of its message with the origin before it. What clients sent moves no cursor. */
  async log(entry: Pick<RunLog, "level" | "message" | "entityType" | "entityId">): Promise<void> {
    const { level, message, entityId } = entry;
    const { paint } = this;
    if (paint === null) await this.#json({ type: "log", ...entry });
    else {
      const about = entityId === null ? "" : `${plainLine(entityId)} `;
      const colour = level === "error" ? "red" : level === "warn" ? "yellow" : "dim";
      const origin = paint(colour, `${about}${level} #`);
      for (const line of message.replace(/\r?\n$/, "").split(/\r?\n/))
        await this.outlet.write(`${origin} ${plainLine(line)}\n`);
    }
  }

  #json(value: object): Promise<void> {
    return this.outlet.write(`${JSON.stringify(value)}\n`);
  }
}
