import { dirname } from "node:path";
import { timed, type Timed } from "./timed.js";

/** `xargs -P10 -n1` over a script as often as said, in its folder, with this environment. The script's argument is its number, from 0. */
export function xargs(script: string, times: number, env: Readonly<Record<string, string>>): Promise<Timed> {
  return timed({
    command: "xargs",
    args: ["-P10", "-n1", script],
    env,
    cwd: dirname(script),
    input: Array.from({ length: times }, (_, index) => `${index}\n`).join(""),
  });
}
