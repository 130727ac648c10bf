import { accessSync, closeSync, constants as files, openSync, readSync } from "node:fs";
import { constants } from "node:os";
import { StartStage } from "../frames.js";

/** What the kernel reads of a file. */
const BYTES = 256;
/** With the end of its path, or of the file. */
const INTERPRETER = /^#![ \t]*(?:[^ \t\n]+[ \t\n]|[^]{0,253}$)/;

/**
 * What Node's spawn would not tell: it hands a file without `#!`, or whose interpreter's path the kernel cannot read to its end, to /bin/sh, and says ENOENT for a directory that
 * is missing as for a script that is.
 */
export function checkBeforeSpawn(path: string, cwd: string): { errno: number; stage: number } | null {
  const { ENOENT, EACCES, ENOEXEC } = constants.errno;
  if (!may(cwd, files.X_OK)) return { errno: ENOENT, stage: StartStage.chdir };
  if (!may(path, files.F_OK)) return { errno: ENOENT, stage: StartStage.exec };
  if (!may(path, files.X_OK)) return { errno: EACCES, stage: StartStage.exec };
  const start = firstBytes(path);
  if (start !== null && !start.startsWith("\x7fELF") && !INTERPRETER.test(start))
    return { errno: ENOEXEC, stage: StartStage.exec };
  return null;
}

function may(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

/** Null if it may be executed, but not read: then the kernel knows best. */
function firstBytes(path: string): string | null {
  let file = -1;
  try {
    file = openSync(path, "r");
    const bytes = Buffer.alloc(BYTES);
    return bytes.toString("latin1", 0, readSync(file, bytes, 0, BYTES, 0));
  } catch {
    return null;
  } finally {
    if (file >= 0) closeSync(file);
  }
}
