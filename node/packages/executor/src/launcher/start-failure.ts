import { closeSync, openSync, readSync } from "node:fs";
import { constants } from "node:os";
import { getSystemErrorName } from "node:util";
import { shellWord, type ProcessEnd } from "@maxq/core";
import { findFirstLineProblem, interpreterLine } from "../flows/first-line.js";
import { StartStage } from "./frames.js";

type Unable = Extract<ProcessEnd, { readonly reason: "unable" }>;
/** The kernel reads 256 bytes of a script. */
const LONGEST_LINE = 256;

type NotStarted = Extract<ProcessEnd, { readonly reason: "not_started" }>;

/**
 * Why a script could not be started, told from the errno and a look at the file: the kernel says ENOENT both when
 * the script is missing and when its interpreter is.
 */
export function explainStartFailure(errno: number, stage: number, path: string): NotStarted | Unable {
  const because = errorName(errno);
  if (stage === StartStage.chdir) {
    return notStarted(
      "SCRIPT_NOT_FOUND",
      `The directory of ${path} could not be entered (${because}): check that it exists and may be entered.`,
    );
  }
  if (stage === StartStage.fenced) {
    return notStarted(
      "SCRIPT_NOT_STARTED",
      `${path} was not started: the time for which this worker may run scripts had passed; it is handed back.`,
    );
  }
  if (isShortage(errno))
    return { reason: "unable", message: `${path} could not be started (${because}): ${cure(errno)}` };
  if (stage !== StartStage.exec) {
    return notStarted("SCRIPT_NOT_STARTED", `${path} could not be started (${because}): ${cure(errno)}`);
  }
  const { ENOENT, EACCES, ENOEXEC, ELOOP, ENOTDIR } = constants.errno;
  if (errno === ENOENT || errno === ENOEXEC || errno === EACCES) return explainExec(errno, path);
  const content = errno === ELOOP ? firstBytes(path) : null;
  if (content !== null) {
    return notStarted(
      "SCRIPT_BAD_INTERPRETER",
      `${path} names the interpreter "${interpreterOf(content)}", which leads to itself, or to one script after the other (${because}): name a program.`,
    );
  }
  if (errno === ENOTDIR || errno === ELOOP)
    return notStarted(
      "SCRIPT_NOT_FOUND",
      `${path} cannot be reached (${because}): check the links in its path.`,
    );
  return notStarted("SCRIPT_NOT_STARTED", `${path} could not be started (${because}): ${cure(errno)}`);
}

function explainExec(errno: number, path: string): NotStarted {
  const { ENOENT, EACCES } = constants.errno;
  const content = firstBytes(path);
  if (content === null && errno === ENOENT) {
    return notStarted(
      "SCRIPT_NOT_FOUND",
      `${path} does not exist any more: create it and make it executable.`,
    );
  }
  const problem = content === null ? null : findFirstLineProblem(content, path);
  if (problem !== null && errno !== EACCES) return notStarted("SCRIPT_BAD_INTERPRETER", problem.message);
  const interpreter = interpreterOf(content);
  if (errno === ENOENT) {
    return notStarted(
      "SCRIPT_BAD_INTERPRETER",
      `${path} names the interpreter "${interpreter}", which does not exist here: install it, or change the first line.`,
    );
  }
  if (errno === EACCES) {
    return notStarted(
      "SCRIPT_NOT_EXECUTABLE",
      `${path} may not be executed: run chmod +x ${shellWord(path)}, and check "${interpreter}" and that the disk is not mounted noexec.`,
    );
  }
  if (content !== null && content.indexOf("\n") >= LONGEST_LINE && interpreter !== "") {
    return notStarted(
      "SCRIPT_BAD_INTERPRETER",
      `The first line of ${path} is longer than the ${LONGEST_LINE - 1} bytes that can be read of it: shorten the interpreter's path, or use #!/usr/bin/env.`,
    );
  }
  return notStarted(
    "SCRIPT_BAD_INTERPRETER",
    `${path} cannot be executed on this machine: it is neither a script nor a program for it.`,
  );
}

function interpreterOf(content: Buffer | null): string {
  return (content === null ? null : interpreterLine(content))?.trim().split(/\s+/)[0] ?? "";
}

/** This machine has not enough of something now: another one may, or this one later. */
function isShortage(errno: number): boolean {
  const { EAGAIN, EMFILE, ENFILE, ENOMEM, ENOSPC } = constants.errno;
  return [EAGAIN, EMFILE, ENFILE, ENOMEM, ENOSPC].includes(errno);
}

function cure(errno: number): string {
  const { E2BIG, EAGAIN, EMFILE, ENFILE, ENOMEM, ETXTBSY } = constants.errno;
  switch (errno) {
    case E2BIG:
      return "its environment is too large; hand data over in files instead of variables.";
    case EAGAIN:
      return "too many processes; lower the number of slots or raise the limit (ulimit -u).";
    case EMFILE:
    case ENFILE:
      return "too many open files; lower the number of slots or raise the limit (ulimit -n).";
    case ENOMEM:
      return "memory is short; lower the number of slots.";
    case ETXTBSY:
      return "it is open for writing; write it under another name and rename it.";
    default:
      return "check the file and the limits of this machine.";
  }
}

function errorName(errno: number): string {
  try {
    return getSystemErrorName(-errno);
  } catch {
    return `errno ${errno}`;
  }
}

function firstBytes(path: string): Buffer | null {
  let file = -1;
  try {
    file = openSync(path, "r");
    const bytes = Buffer.alloc(4096);
    return bytes.subarray(0, readSync(file, bytes));
  } catch {
    return null;
  } finally {
    if (file >= 0) closeSync(file);
  }
}

function notStarted(code: NotStarted["code"], message: string): NotStarted {
  return { reason: "not_started", code, message };
}
