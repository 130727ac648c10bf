import { constants } from "node:fs";
import { open, unlink } from "node:fs/promises";
import { setTimeout as delay } from "node:timers/promises";
import type { ScriptOutput } from "@maxq/core";
import { removeTree } from "./remove-tree.js";

/** What the machine has not enough of at the moment may be there again soon. */
const scarce = new Set(["EMFILE", "ENFILE", "ENOMEM", "EAGAIN"]);
const RETRY_MS = 100;
const RETRIES = 100;

/**
 * Reads an output file. Null if it is not there. What is there and cannot be read, or is no regular file, has a `fault`: a link is not followed, and a FIFO must not hold
 * us up. Waits up to 10 s for a machine that has no file descriptor left.
 */
export async function readOutputFile(path: string, cap: number): Promise<ScriptOutput | null> {
  for (let retries = RETRIES; ; retries--) {
    try {
      return await read(path, cap);
    } catch (error) {
      const { code = "", message } = error as NodeJS.ErrnoException;
      if (code === "ENOENT") return null;
      if (retries === 0 || !scarce.has(code))
        return unreadable(code === "ELOOP" ? "it is a link, which is not followed" : message);
    }
    await delay(RETRY_MS);
  }
}

function unreadable(fault: string): ScriptOutput {
  return { text: "", tooLarge: false, fault };
}

/** Removes an output file, whatever it is; only once nobody will ask for it again. What cannot be removed is told of when its folder is to go. */
export async function removeOutputFile(path: string): Promise<void> {
  // `rm` looks at it first, with a call that blocks.
  await unlink(path).catch(() => removeTree(path));
}

async function read(path: string, cap: number): Promise<ScriptOutput> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return unreadable("it is no regular file");
    const bytes = Buffer.allocUnsafe(Math.min(stat.size, cap));
    let length = 0;
    while (length < bytes.length) {
      const { bytesRead } = await file.read(bytes, length, bytes.length - length, length);
      if (bytesRead === 0) break;
      length += bytesRead;
    }
    return { text: bytes.toString("utf8", 0, length), tooLarge: stat.size > cap };
  } finally {
    await file.close();
  }
}
