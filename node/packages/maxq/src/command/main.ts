import { setImmediate as nextTurn } from "node:timers/promises";
import { messageOf } from "@maxq/core";
import { CommanderError } from "commander";
import { commands } from "./commands.js";
import { hangupIsIgnored } from "../serve/signals.js";
import { exitCode } from "./exit-code.js";
import type { Invocation } from "./invocation.js";
import { makeProgram } from "./program.js";

/** The command: reads the command line and the environment of this process, and answers the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  const failures: NodeJS.ErrnoException[] = [];
  const failed = (error: NodeJS.ErrnoException): void => {
    // Who reads our output may stop reading (`| head`): that is no fault.
    if (error.code !== "EPIPE") failures.push(error);
  };
  process.stdout.on("error", failed);
  // What cannot be said there cannot be said anywhere: no reason to end a server whose disk for logs is full.
  process.stderr.on("error", () => undefined);
  const code = await run(argv);
  await nextTurn(); // In which the last write fails.
  const [failure] = failures;
  if (failure === undefined) return code;
  process.stderr.write(`maxq: what this command prints cannot be written: ${failure.message}\n`);
  return code === exitCode.success ? exitCode.failure : code;
}

async function run(argv: readonly string[]): Promise<number> {
  let code: number = exitCode.success;
  const environment = { ...process.env };
  if (hangupIsIgnored(environment)) process.on("SIGHUP", () => undefined);
  // Read once, here. What starts later inherits neither, and scripts get an environment of their own.
  for (const secret of ["MAXQ_DATABASE_URL", "MAXQ_API_KEY"]) Reflect.deleteProperty(process.env, secret);
  // Node takes them for set.
  for (const name of ["NO_COLOR", "FORCE_COLOR"])
    if (process.env[name] === "") Reflect.deleteProperty(process.env, name);
  const surroundings: Omit<Invocation, "flags" | "json"> = {
    environment,
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    terminal: process,
  };
  const output = {
    writeOut: (text: string) => process.stdout.write(text),
    writeErr: (text: string) => process.stderr.write(text.replace(/^error: /, "maxq: ")),
  };
  try {
    await makeProgram(commands, surroundings, (answer) => (code = answer), output).parseAsync(argv, {
      from: "user",
    });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? exitCode.success : exitCode.usage;
    process.stderr.write(`maxq: ${messageOf(error)}\n`);
    return exitCode.failure;
  }
  return code;
}
