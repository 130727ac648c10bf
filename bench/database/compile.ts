import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { CannotMeasure } from "../case.js";

/** Compiles a C file of this folder. Throws `CannotMeasure` where there is no compiler. */
export function compile(file: string, output: string, args: readonly string[]): void {
  const source = fileURLToPath(new URL(file, import.meta.url));
  try {
    execFileSync("cc", ["-O2", "-o", output, source, ...args], { stdio: ["ignore", "ignore", "inherit"] });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    throw new CannotMeasure(`there is no C compiler (cc) for ${file}.`);
  }
}
