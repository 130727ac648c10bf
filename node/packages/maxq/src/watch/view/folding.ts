import type { Environment } from "../../settings/read.js";

/** Lines as a CI folds them below a title. */
export type Folding = (title: string, lines: readonly string[]) => string[];

/** How the CI that this environment belongs to folds; null if it is none, or one that does not. */
export function foldingOf(environment: Environment, now: () => number = Date.now): Folding | null {
  if (environment.GITHUB_ACTIONS === "true")
    return (title, lines) => [`::group::${title}`, ...lines, "::endgroup::"];
  if (environment.TF_BUILD === "True")
    return (title, lines) => [`##[group]${title}`, ...lines, "##[endgroup]"];
  if (environment.GITLAB_CI !== "true") return null;
  let number = 0;
  return (title, lines) => {
    const [seconds, name] = [Math.floor(now() / 1000), `maxq_${++number}`];
    return [
      `\x1b[0Ksection_start:${seconds}:${name}[collapsed=true]\r\x1b[0K${title}`,
      ...lines,
      `\x1b[0Ksection_end:${seconds}:${name}\r\x1b[0K`,
    ];
  };
}
