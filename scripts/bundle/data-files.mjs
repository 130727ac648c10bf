import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** What the program reads and starts while it runs, by its name below the bundle. Migrations are read where they are, above the bundle. */
export function dataFiles(packages) {
  const swagger = dirname(
    createRequire(join(packages, "http", "package.json")).resolve("swagger-ui-dist/package.json"),
  );
  return new Map([
    ...folder(join(packages, "db-postgres", "sql"), "db-postgres/sql"),
    ...folder(join(packages, "db-postgres", "function"), "db-postgres/function"),
    ...folder(join(packages, "db-sqlite", "sql"), "db-sqlite/sql"),
    ...["swagger-ui.css", "swagger-ui-bundle.js", "LICENSE"].map((name) => [
      `http/swagger-ui/${name}`,
      { content: readFileSync(join(swagger, name)) },
    ]),
    ...launcher(join(packages, "executor", "build", "maxq-launcher")),
  ]);
}

/** Not there where there is no C compiler. */
function launcher(file) {
  if (!existsSync(file)) return [];
  return [["executor/build/maxq-launcher", { content: readFileSync(file), executable: true }]];
}

function folder(source, name) {
  return readdirSync(source, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .map((path) => [`${name}${path.slice(source.length)}`, { content: readFileSync(path) }]);
}
