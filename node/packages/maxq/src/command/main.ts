import { CommanderError } from "commander";
import { commands } from "./commands.js";
import { exitCode } from "./exit-code.js";
import type { Invocation } from "./invocation.js";
import { makeProgram } from "./program.js";

/** The command: reads the command line and the environment of this process, and answers the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let code: number = exitCode.success;
  const environment = { ...process.env };
  // Read once, here. What starts later inherits neither, and scripts get an environment of their own.
  for (const secret of ["MAXQ_DATABASE_URL", "MAXQ_API_KEY"]) Reflect.deleteProperty(process.env, secret);
  process.stdout.on("error", ignoreClosedPipe);
  // What cannot be said there cannot be said anywhere: no reason to end a server whose disk for logs is full.
  process.stderr.on("error", () => undefined);
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
    process.stderr.write(`maxq: ${error instanceof Error ? error.message : String(error)}\n`);
    return exitCode.failure;
  }
  return code;
}

/** Who reads our output may stop reading (`| head`): that is no fault. */
function ignoreClosedPipe(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
}
