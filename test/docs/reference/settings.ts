import { readFileSync } from "node:fs";
import { join } from "node:path";
import { settings } from "../../../node/packages/maxq/src/settings/settings.js";
import { root } from "../page/all-pages.js";
import type { Page } from "../page/page.js";

/** Where variables come from that are no settings: what scripts see, what the tests and the compose file read. */
const SOURCES = [
  "node/packages/executor/src/environment.ts",
  "node/packages/test-kit/src/postgres/server.ts",
  "test/faults/crash-points.test.ts",
  "node/packages/executor/src/launcher/frames.ts",
  "docker/compose.yaml",
];
const VARIABLE = /MAXQ_[A-Z][A-Z0-9_]*[A-Z0-9](?![A-Z0-9_*])/g;

/** The variables of all settings that users have. */
export const settingNames: readonly string[] = Object.values(settings)
  .filter((setting) => !("internal" in setting))
  .flatMap(({ variables }) => variables);

/** One line for each `MAXQ_…` of the pages that nobody reads. */
export function unknownSettings(pages: readonly Page[]): string[] {
  const others = SOURCES.flatMap((file) => readFileSync(join(root, file), "utf8").match(VARIABLE) ?? []);
  const known = new Set([...settingNames, ...others]);
  return pages.flatMap(({ name, text }) =>
    text
      .split("\n")
      .flatMap((line, index) =>
        (line.match(VARIABLE) ?? [])
          .filter((variable) => !known.has(variable))
          .map((variable) => `${name}:${index + 1}: nothing reads ${variable}.`),
      ),
  );
}
