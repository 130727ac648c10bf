import { CommanderError } from "commander";
import { exitCode } from "./exit-code.js";
import type { Commands, Invocation } from "./invocation.js";
import { makeProgram } from "./program.js";

/** Loaded when called: `--help` and the small commands need neither the server nor its libraries, and the server needs no command. */
const commands: Commands = {
  serve: async (...args) => (await import("../serve/serve.js")).serve(...args),
  worker: async (...args) => (await import("../serve/worker.js")).work(...args),
  migrate: async (...args) => (await import("../migrate/migrate.js")).migrate(...args),
  doctor: async (...args) => (await import("../doctor/doctor.js")).doctor(...args),
  verify: async (...args) => (await import("../verify/verify.js")).verify(...args),
  key: async (...args) => (await import("../key/key.js")).key(...args),
  run: async (...args) => (await import("../run/run.js")).run(...args),
  runs: async (...args) => (await import("../runs/list.js")).listRuns(...args),
  show: async (...args) => (await import("../runs/show.js")).show(...args),
  logs: async (...args) => (await import("../runs/logs.js")).logs(...args),
  control: async (...args) => (await import("../runs/control.js")).control(...args),
  exportRun: async (...args) => (await import("../runs/export.js")).exportRun(...args),
  flows: async (...args) => (await import("../flows/flows.js")).flows(...args),
  workers: async (...args) => (await import("../workers/workers.js")).workers(...args),
  validate: async (...args) => (await import("../validate/validate.js")).validate(...args),
  init: async (...args) => (await import("../init/init.js")).init(...args),
};

/** The command: reads the command line and the environment of this process, and answers the exit code. */
export async function main(argv: readonly string[]): Promise<number> {
  let code: number = exitCode.success;
  const environment = { ...process.env };
  // Read once, here. What starts later inherits neither, and scripts get an environment of their own.
  for (const secret of ["MAXQ_DATABASE_URL", "MAXQ_API_KEY"]) Reflect.deleteProperty(process.env, secret);
  for (const stream of [process.stdout, process.stderr]) stream.on("error", ignoreClosedPipe);
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
