/** Lays out the npm package in an empty folder. Usage: stage.mjs FOLDER, after a build. */
import { chmodSync, cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

const root = join(import.meta.dirname, "..", "..");
const packages = join(root, "node", "packages");
const stage = process.argv[2];
if (stage === undefined) throw new Error("Usage: stage.mjs FOLDER");

const manifest = JSON.parse(readFileSync(join(packages, "maxq", "package.json"), "utf8"));
const sqlite = JSON.parse(readFileSync(join(packages, "db-sqlite", "package.json"), "utf8"));
const { name, version, description, license, type, engines, bin } = manifest;
const published = {
  ...{ name, version, description, license, type, engines, bin },
  os: ["!win32"],
  // All else is in the bundle.
  dependencies: { "@photostructure/sqlite": sqlite.dependencies["@photostructure/sqlite"] },
};
writeFileSync(join(stage, "package.json"), `${JSON.stringify(published, null, 2)}\n`);

for (const file of ["README.md", "LICENSE", "CHANGELOG.md", "docs"])
  cpSync(join(root, file), join(stage, file), { recursive: true });
cpSync(join(packages, "maxq", "bin"), join(stage, "bin"), { recursive: true });
cpSync(join(packages, "maxq", "bundle"), join(stage, "bundle"), { recursive: true });
cpSync(join(root, "database", "migrations"), join(stage, "database", "migrations"), { recursive: true });
keepLinksWithin(stage, "README.md");
placeLaunchers(join(packages, "executor"), join(stage, "bundle", "executor"));

/** Links to what is not in the package become their text. */
function keepLinksWithin(folder, file) {
  const text = readFileSync(join(folder, file), "utf8").replace(
    /\[([^\]]+)\]\((?!\w+:|#)([^)#]+)[^)]*\)/g,
    (link, shown, path) => (existsSync(join(folder, path)) ? link : shown),
  );
  writeFileSync(join(folder, file), text);
}

/** The static ones, and the source with its script, which compiles one for this machine that is then taken first. */
function placeLaunchers(from, to) {
  rmSync(join(to, "build"), { recursive: true, force: true });
  cpSync(join(from, "launcher"), join(to, "launcher"), { recursive: true });
  cpSync(join(from, "scripts", "build-launcher.sh"), join(to, "scripts", "build-launcher.sh"));
  if (!existsSync(join(from, "build"))) return;
  for (const file of readdirSync(join(from, "build"))) {
    if (!/^maxq-launcher-linux-\w+$/.test(file)) continue;
    cpSync(join(from, "build", file), join(to, "build", file));
    chmodSync(join(to, "build", file), 0o755);
  }
}
