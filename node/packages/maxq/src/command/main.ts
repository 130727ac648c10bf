import { CommanderError } from "commander";
import { exitCode } from "./exit-code.js";
import type { Commands } from "./invocation.js";
import { makeProgram } from "./program.js";

/** Loaded when called: `--help` and the small commands need neither the server nor its libraries. */
const commands: Commands = {
  serve: async (invocation, request) => (await import("../serve/serve.js")).serve(invocation, request),
  worker: async (invocation) => (await import("../serve/worker.js")).work(invocation),
  run: async (invocation, request) => (await import("../run/run.js")).run(invocation, request),
  migrate: async (invocation, action) => (await import("../migrate/migrate.js")).migrate(invocation, action),
  doctor: async (invocation) => (await import("../doctor/doctor.js")).doctor(invocation),
  verify: async (invocation) => (await import("../verify/verify.js")).verify(invocation),
  key: async (invocation, rotate) => (await import("../key/key.js")).key(invocation, rotate),
};

/** The command: reads the command line and the environment of this process, and answers the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let code: number = exitCode.success;
  const environment = { ...process.env };
  // Read once, here. What starts later inherits neither, and scripts get an environment of their own.
  for (const secret of ["MAXQ_DATABASE_URL", "MAXQ_API_KEY"]) Reflect.deleteProperty(process.env, secret);
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);
  const surroundings = {
    environment,
    out: (line: string) => process.stdout.write(`${line}\n`),
    err: (line: string) => process.stderr.write(`${line}\n`),
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
