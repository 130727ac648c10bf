import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

/** Arguments with which this Node runs a TypeScript file from sources, as the tests are run. */
export function runsFromSources(file: string): string[] {
  // Not import.meta.resolve, which tsx leaves out where it loads a module as CommonJS.
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href;
  return ["--import", tsx, "--conditions=source", file];
}
