import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAllTests } from "../cleanup.js";

const made: string[] = [];

afterAllTests(() => made.splice(0).forEach(removeFolder));
process.once("exit", () => made.forEach(removeFolder));

/** An empty directory, removed when the tests are over. */
export function aFolder(name = "test"): string {
  const folder = mkdtempSync(join(tmpdir(), `maxq-${name}-`));
  made.push(folder);
  return folder;
}

function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true });
}
