import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../page/all-pages.js";
import type { Page } from "../page/page.js";

const manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as {
  scripts: Record<string, string>;
};

/** Commands for those who work on MaxQ: every `./scripts/….sh`, and every `npm run …`. */
export const scriptNames: readonly string[] = [
  ...readdirSync(join(root, "scripts")).filter((name) => name.endsWith(".sh")),
  ...Object.keys(manifest.scripts),
];

/** One line for each script or npm command of the pages that there is not. */
export function unknownScripts(pages: readonly Page[]): string[] {
  return pages.flatMap(({ name, text }) =>
    text.split("\n").flatMap((line, index) => {
      const files = [...line.matchAll(/(?<![\w/])(?:\.\/)?(scripts\/[\w./-]+\.(?:sh|ts|mjs))\b/g)];
      const commands = [...line.matchAll(/\bnpm run ([\w:-]+)/g)];
      return [
        ...files.filter(([, file]) => !existsSync(join(root, file!))),
        ...commands.filter(([, command]) => !(command! in manifest.scripts)),
      ].map(([what]) => `${name}:${index + 1}: there is no ${what}.`);
    }),
  );
}
