import { execFileSync } from "node:child_process";

/** Makes what Node cannot remove, for root neither: its paths are longer than any call takes. */
export function tooDeepTree(directory: string): void {
  const command =
    'name=$(printf "d%.0s" {1..200}); for i in {1..25}; do mkdir $name && cd -P $name || exit; done';
  execFileSync("bash", ["-c", command], { cwd: directory });
}
