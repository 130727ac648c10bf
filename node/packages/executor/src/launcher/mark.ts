import { randomBytes } from "node:crypto";
import { MARK_VARIABLE } from "./frames.js";

/** A launcher's mark, `NAME=prefix.`: what its scripts' environments carry, before their number. `owner`: see `LauncherSurroundings`. */
export function freshMark(owner: string | null): string {
  return `${MARK_VARIABLE}=${owner === null ? "" : `${owner}.`}${randomBytes(12).toString("hex")}.`;
}

/** A mark without the variable's name and the dot at its end. */
export function markValue(mark: string): string {
  return mark.slice(MARK_VARIABLE.length + 1, -1);
}

/** Null: the mark names none. */
export function markOwner(mark: string): string | null {
  const [owner = "", nonce = ""] = markValue(mark).split(".");
  return nonce === "" ? null : owner;
}
