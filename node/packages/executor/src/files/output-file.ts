import { constants } from "node:fs";
import { open, rm, unlink } from "node:fs/promises";

/** What a script wrote to `$MAXQ_OUTPUT`. */
export interface OutputText {
  readonly text: string;
  /** The file was larger than the cap, and `text` is its beginning. */
  readonly tooLarge: boolean;
}

/** Reads an output file. Null if it is not there, or is no regular file (a FIFO must not hold us up). */
export async function readOutputFile(path: string, cap: number): Promise<OutputText | null> {
  try {
    return await read(path, cap);
  } catch {
    return null;
  }
}

/** Removes an output file, whatever it is; only once nobody will ask for it again. */
export async function removeOutputFile(path: string): Promise<void> {
  // `rm` looks at it first, with a call that blocks.
  await unlink(path).catch(() => rm(path, { force: true, recursive: true }).catch(() => {}));
}

async function read(path: string, cap: number): Promise<OutputText | null> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  try {
    const stat = await file.stat();
    if (!stat.isFile()) return null;
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
