import { randomUUID } from "node:crypto";
import { constants, readlinkSync, realpathSync, statSync } from "node:fs";
import { open, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";

/** Where a document can be written, or why it cannot be. */
export type OutputFile =
  /** A regular file, or none yet. The path leads there without links. */
  | { readonly reason: "file"; readonly path: string }
  /** A device, a FIFO, or what is open already: it stays what it is. */
  | { readonly reason: "sink"; readonly path: string }
  | { readonly reason: "refused"; readonly message: string };

/** Names of what this process has open, which may be a regular file. */
const descriptor = /^\/(dev\/(std(out|err)|fd\/\d+)|proc\/self\/fd\/\d+)$/;

/** Looks at what is there under a name, and changes nothing. */
export function findOutputFile(file: string): OutputFile {
  if (file === "") return refused("The name of the output file is empty.");
  try {
    const found = statSync(file, { throwIfNoEntry: false });
    if (found?.isDirectory() === true || file.endsWith("/"))
      return refused(`${file} is a folder: name a file in it.`);
    if (found?.isFile() === false || descriptor.test(file)) return { reason: "sink", path: file };
    return { reason: "file", path: endOfLinks(resolve(file)) };
  } catch (error) {
    return refused(`${file} cannot be written: ${error instanceof Error ? error.message : String(error)}.`);
  }
}

/** Writes a document. A file gets its name when it is whole: it may hold what only its owner may read, so nobody else can. */
export async function writeDocument(
  { reason, path }: Exclude<OutputFile, { readonly reason: "refused" }>,
  parts: AsyncIterable<string>,
): Promise<void> {
  if (reason === "sink") return writeInto(path, parts);
  // Made here and by nobody else: in a folder of many, what is there under a name may be a link, or another's.
  const partial = `${path}.${randomUUID()}.part`;
  const file = await open(partial, "wx", 0o600);
  try {
    await pipeline(parts, file.createWriteStream());
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** At its end, and nothing is made: what is open already may be a file that holds something. */
async function writeInto(path: string, parts: AsyncIterable<string>): Promise<void> {
  const sink = await open(path, constants.O_WRONLY | constants.O_APPEND);
  try {
    await pipeline(parts, sink.createWriteStream());
  } catch (error) {
    // Who reads a FIFO may stop reading: that is no fault.
    if ((error as NodeJS.ErrnoException).code !== "EPIPE") throw error;
  }
}

/** The path that the last of the links leads to, where there may be nothing yet. Throws if its folder is not there. */
function endOfLinks(path: string): string {
  const here = join(realpathSync(dirname(path)), basename(path));
  const target = linkTarget(here);
  return target === null ? here : endOfLinks(resolve(dirname(here), target));
}

function linkTarget(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null; // no link, or nothing at all
  }
}

function refused(message: string): OutputFile {
  return { reason: "refused", message };
}
