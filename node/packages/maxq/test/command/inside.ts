import { Writable } from "node:stream";
import type { ReadStream, WriteStream } from "node:tty";
import { CommanderError } from "commander";
import { commands } from "../../src/command/commands.js";
import { makeProgram } from "../../src/command/program.js";

/** What a command answered and reported. */
export interface Answered {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command in this process, without a terminal. For commands that come to an end by themselves and take no signals. */
export async function inside(
  args: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<Answered> {
  const texts = { out: "", err: "" };
  const sink = (name: "out" | "err") =>
    new Writable({
      write: (chunk: Buffer, _encoding, done) => {
        texts[name] += chunk.toString();
        done();
      },
    });
  const [stdout, stderr] = [sink("out"), sink("err")];
  const surroundings = {
    environment,
    out: (line: string) => stdout.write(`${line}\n`),
    err: (line: string) => stderr.write(`${line}\n`),
    terminal: {
      stdin: process.stdin as ReadStream,
      stdout: stdout as unknown as WriteStream,
      stderr: stderr as unknown as WriteStream,
    },
  };
  const output = {
    writeOut: (text: string) => stdout.write(text),
    writeErr: (text: string) => stderr.write(text),
  };
  let code = 0;
  try {
    const program = makeProgram(commands, surroundings, (answer) => (code = answer), output);
    await program.parseAsync([...args], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    code = error.exitCode === 0 ? 0 : 2;
  }
  return { code, ...texts };
}
