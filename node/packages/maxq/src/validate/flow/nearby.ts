import { readdirSync } from "node:fs";
import { join } from "node:path";
import { closest, shellWord } from "@maxq/core";

/** How to make the file that is wanted of one that is there under a similar name; null if there is none. */
export function nearby(directory: string, name: string): string | null {
  let names: string[];
  try {
    names = readdirSync(directory);
  } catch {
    return null;
  }
  const stem = name.replace(/\.sh$/, "");
  const found = names.find((each) => each.toLowerCase() === name || each === stem) ?? closest(name, names);
  return found === undefined || found === name
    ? null
    : `Rename the file that is there: mv ${shellWord(join(directory, found))} ${shellWord(join(directory, name))}`;
}
