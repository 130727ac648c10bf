import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** The licences of the libraries whose files are among these, one after the other, as their authors want them passed on. */
export function licensesOf(inputs, root) {
  const directories = new Set(
    inputs.flatMap((path) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  );
  return [...directories]
    .sort()
    .map((directory) => join(root, directory))
    .map((directory) => {
      const { name, version, license } = JSON.parse(readFileSync(join(directory, "package.json"), "utf8"));
      const files = readdirSync(directory).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file));
      const texts = files.map((file) => readFileSync(join(directory, file), "utf8").trim());
      return `${name} ${version} (${license ?? "see its text"})\n\n${texts.join("\n\n")}\n`;
    })
    .join(`\n${"-".repeat(80)}\n\n`);
}
