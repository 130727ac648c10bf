/**
 * Checks that packages import only what lies below them. Usage: check-arrows.ts [root of the checkout].
 * Looks at the imports of every source file and at the `dependencies` of every package.json; tests may import anything.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";

/** What each package may import. A package that is missing here is itself a mistake. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  core: [],
  db: ["core"],
  "db-postgres": ["core", "db"],
  "db-sqlite": ["core", "db"],
  executor: ["core"],
  scheduler: ["core", "db"],
  http: ["core", "db"],
  client: ["core"],
  maxq: ["core", "db", "db-postgres", "db-sqlite", "executor", "scheduler", "http", "client"],
  "test-kit": ["core", "db", "db-postgres", "db-sqlite"],
  conformance: ["core", "db", "test-kit"],
};

const importPattern = /(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']/g;

function sourceFiles(directory: string): string[] {
  if (!existsSync(directory)) return [];
  return readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((file) => /\.[cm]?[jt]sx?$/.test(file))
    .map((file) => join(directory, file));
}

/** The package of ours that an import names, by name or by a path; null for anything else. */
function importedPackage(specifier: string, file: string, packages: string): string | null {
  if (specifier.startsWith("@maxq/")) return specifier.split("/")[1] ?? null;
  if (!specifier.startsWith(".")) return null;
  const path = relative(packages, resolve(dirname(file), specifier));
  return path.startsWith("..") ? null : (path.split("/")[0] ?? null);
}

/** What the sources of one package import of ours, each with the file that does it. */
function importsOf(name: string, packages: string): { target: string; file: string }[] {
  return sourceFiles(join(packages, name, "src")).flatMap((file) =>
    [...readFileSync(file, "utf8").matchAll(importPattern)]
      .map((match) => importedPackage(match[1] ?? "", file, packages))
      .filter((target) => target !== null && target !== name)
      .map((target) => ({ target: target ?? "", file })),
  );
}

/** What the package.json declares of ours. */
function declaredBy(name: string, packages: string): { target: string; file: string }[] {
  const file = join(packages, name, "package.json");
  const manifest = JSON.parse(readFileSync(file, "utf8")) as { dependencies?: Record<string, string> };
  return Object.keys(manifest.dependencies ?? {})
    .filter((dependency) => dependency.startsWith("@maxq/"))
    .map((dependency) => ({ target: dependency.slice("@maxq/".length), file }));
}

/** One sentence for each arrow that points the wrong way. */
function wrongArrows(root: string): string[] {
  const packages = join(root, "node", "packages");
  const names = readdirSync(packages).filter((name) => existsSync(join(packages, name, "package.json")));
  return names.flatMap((name) => {
    const allowed = mayImport[name];
    if (allowed === undefined)
      return [`${name}: no entry in scripts/check-arrows.ts; say there what it may import.`];
    return [...importsOf(name, packages), ...declaredBy(name, packages)]
      .filter(({ target }) => !allowed.includes(target))
      .map(({ target, file }) => {
        const may = allowed.length === 0 ? "nothing of ours" : allowed.join(", ");
        return `${relative(root, file)}: ${name} must not import ${target}; it may import ${may}.`;
      });
  });
}

const wrong = wrongArrows(resolve(process.argv[2] ?? join(import.meta.dirname, "..")));
for (const line of new Set(wrong)) console.error(line);
process.exitCode = wrong.length === 0 ? 0 : 1;
