import { Command, type OutputConfiguration } from "commander";
import { didYouMean } from "@maxq/core";
import { exitCode } from "./exit-code.js";
import { addFlags, flaggedSettings } from "./flags.js";
import { addFlowCommands } from "./flow-commands.js";
import type { Commands, Invocation } from "./invocation.js";
import { addRunCommands } from "./run-commands.js";
import { addServerCommands } from "./server-commands.js";
import { Subcommands } from "./subcommands.js";
import { version } from "./version.js";

const afterHelp = `
Every setting has a variable, too: see docs/configuration.md. Every command is described in docs/cli.md.
`;

/** The command line: which commands and flags there are. Calls one of `commands` and hands `done` its exit code. */
export function makeProgram(
  commands: Commands,
  surroundings: Omit<Invocation, "flags" | "json">,
  done: (code: number) => void,
  output: OutputConfiguration,
): Command {
  const program = new Command("maxq")
    .description(
      "Turns a folder of shell scripts into a durable workflow. Without a command it starts the server.",
    )
    .usage("[options] [command]")
    .version(version)
    .enablePositionalOptions()
    // A command that there is not comes as one of these; `Subcommands` refuses all others.
    .allowExcessArguments()
    .addHelpText("after", afterHelp)
    .configureOutput(output)
    .exitOverride();
  addFlags(program, flaggedSettings);
  const subcommands = new Subcommands(program, surroundings, done);
  program.action(async (_options, command: Command) => {
    const [unknown] = command.args;
    if (unknown === undefined) {
      done(await commands.serve(subcommands.invocation(command), { worker: true }));
      return;
    }
    const names = program.commands.map((one) => one.name());
    surroundings.err(
      `maxq: there is no command ${unknown}.${didYouMean(unknown, names)} maxq --help lists them.`,
    );
    done(exitCode.usage);
  });
  addServerCommands(subcommands, commands);
  addRunCommands(subcommands, commands);
  addFlowCommands(subcommands, commands);
  return program;
}
