/**
 * Bundles the command, its SQLite thread and its Node launcher from the sources of all packages into node/packages/maxq/bundle, and places
 * beside them the files that they read. What is there already and has not changed is not touched, so a running server keeps its files.
 * `tsc -b` checks types; it is not needed for this.
 */
import { build } from "esbuild";
import { dirname, join, relative } from "node:path";
import { dataFiles } from "./data-files.mjs";
import { licensesOf } from "./licenses.mjs";
import { keepPlaces, placesIn } from "./places.mjs";
import { replaceFolder } from "./replace-folder.mjs";

const root = join(import.meta.dirname, "..", "..");
const packages = join(root, "node", "packages");
const target = join(packages, "maxq", "bundle");

const result = await build({
  absWorkingDir: root,
  entryPoints: [
    { in: join(packages, "maxq/src/command/main.ts"), out: "main" },
    // Started by path, as a thread and as a program: they are where their packages expect them.
    { in: join(packages, "db-sqlite/src/thread/main.ts"), out: "db-sqlite/dist/thread/main" },
    { in: join(packages, "executor/src/launcher/node/main.ts"), out: "executor/dist/launcher/node/main" },
  ],
  outdir: target,
  chunkNames: "chunk/[name]-[hash]",
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  conditions: ["source"],
  mainFields: ["module", "main"],
  // Has binaries of its own, for Nodes without SQLite.
  external: ["@photostructure/sqlite", ...driversThatKnexMayUse()],
  // body-parser wants it for bodies in other charsets; ours are taken as bytes. It is as large as all of MaxQ.
  alias: { "iconv-lite": join(import.meta.dirname, "no-charsets.mjs") },
  plugins: [keepPlaces(packages)],
  // CommonJS among the dependencies asks for Node's own modules.
  banner: {
    js: 'import { createRequire as requireFrom } from "node:module"; const require = requireFrom(import.meta.url);',
  },
  minifyWhitespace: true,
  sourcemap: "linked",
  sourcesContent: false,
  legalComments: "none",
  write: false,
  metafile: true,
  logLevel: "warning",
});

const files = dataFiles(packages);
for (const { path, contents } of result.outputFiles) {
  const upwards = relative(dirname(path), target) || ".";
  const content = path.endsWith(".js") ? placesIn(Buffer.from(contents).toString(), upwards) : contents;
  files.set(relative(target, path), { content });
}
files.set("LICENSES.txt", { content: licensesOf(Object.keys(result.metafile.inputs), root) });
replaceFolder(target, files);

/** Knex asks for them by name when they are configured, which ours are not. */
function driversThatKnexMayUse() {
  return "better-sqlite3 mariadb mysql mysql2 oracledb pg-native pg-query-stream sqlite3 tedious".split(" ");
}
