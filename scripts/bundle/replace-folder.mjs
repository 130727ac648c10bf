import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

/** Makes a folder hold exactly these files (name below it → `content`, `executable`). Files that are the same are left alone, others change at once. */
export function replaceFolder(target, files) {
  const there = existsSync(target)
    ? readdirSync(target, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    : [];
  for (const [name, { content, executable = false }] of files) {
    const file = join(target, name);
    const bytes = Buffer.from(content);
    if (existsSync(file) && readFileSync(file).equals(bytes)) continue;
    mkdirSync(dirname(file), { recursive: true });
    const next = `${file}.${process.pid}.new`;
    writeFileSync(next, bytes, { mode: executable ? 0o755 : 0o644 });
    renameSync(next, file);
  }
  for (const entry of there) {
    const file = join(entry.parentPath, entry.name);
    if (!files.has(relative(target, file))) rmSync(file, { force: true });
  }
}
