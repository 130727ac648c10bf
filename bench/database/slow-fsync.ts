import { aFolder } from "@maxq/test-kit";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { compile } from "./compile.js";

/** Makes the library that slows down every flush of a file, when preloaded, by 5 ms; answers its path. */
export function slowFsyncLibrary(): string {
  const folder = aFolder("slow-fsync");
  const library = join(folder, "slow-fsync.so");
  compile("slow-fsync.c", library, ["-shared", "-fPIC", "-ldl"]);
  chmodSync(folder, 0o755);
  chmodSync(library, 0o755);
  return library;
}
