import { aFolder } from "@maxq/test-kit";
import { execFileSync } from "node:child_process";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** Makes the library that slows down every flush of a file, when preloaded, by 5 ms; answers its path. */
export function slowFsyncLibrary(): string {
  const folder = aFolder("slow-fsync");
  const library = join(folder, "slow-fsync.so");
  const source = fileURLToPath(new URL("slow-fsync.c", import.meta.url));
  execFileSync("cc", ["-shared", "-fPIC", "-O2", "-o", library, source, "-ldl"]);
  chmodSync(folder, 0o755);
  chmodSync(library, 0o755);
  return library;
}
