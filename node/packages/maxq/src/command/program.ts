import { Argument, Command, Option, type OutputConfiguration } from "commander";
import { didYouMean } from "@maxq/core";
import type { SettingName } from "../settings/settings.js";
import { exitCode } from "./exit-code.js";
import { addFlags, flaggedSettings, givenFlags } from "./flags.js";
import type { Commands, Invocation } from "./invocation.js";
import { version } from "./version.js";

const ofRun: readonly SettingName[] = [
  "flowsRoot",
  "maxConcurrentSteps",
  "maxLogCapture",
  "abortGraceMs",
  "logLevel",
];

const ofWorker = flaggedSettings.filter((name) => name !== "port" && name !== "host");

const afterHelp = `
Every setting has a variable, too: see docs/configuration.md.
`;

/** The command line: which commands and flags there are. Calls one of `commands` and hands `done` its exit code. */
export function makeProgram(
  commands: Commands,
  surroundings: Omit<Invocation, "flags">,
  done: (code: number) => void,
  output: OutputConfiguration,
): Command {
  const invocation = (command: Command): Invocation => ({ ...surroundings, flags: givenFlags(command) });
  const program = new Command("maxq")
    .description(
      "Turns a folder of shell scripts into a durable workflow. Without a command it starts the server.",
    )
    .usage("[options] [command]")
    .version(version)
    .enablePositionalOptions()
    .allowExcessArguments()
    .addHelpText("after", afterHelp)
    .configureOutput(output)
    .exitOverride();
  addFlags(program, flaggedSettings);
  program.action(async (_options, command: Command) => {
    const [unknown] = command.args;
    if (unknown === undefined) {
      done(await commands.serve(invocation(command), { worker: true }));
      return;
    }
    const names = program.commands.map((one) => one.name());
    surroundings.err(
      `maxq: there is no command ${unknown}.${didYouMean(unknown, names)} maxq --help lists them.`,
    );
    done(exitCode.usage);
  });

  const serve = subcommand(
    program,
    "serve",
    "start the server (what maxq does without a command)",
    flaggedSettings,
  );
  serve
    .option("--no-worker", "answer requests only, and leave the work to `maxq worker` (PostgreSQL)")
    .action(async (options: { worker: boolean }, command: Command) =>
      done(await commands.serve(invocation(command), { worker: options.worker })),
    );

  subcommand(
    program,
    "worker",
    "work beside servers and other workers on the same PostgreSQL, without answering requests",
    ofWorker,
  ).action(async (_options, command: Command) => done(await commands.worker(invocation(command))));

  subcommand(program, "run", "run one flow to its end, here, without a server", ofRun)
    .argument("<flow>", "a flow's name, or the path of its directory")
    .addOption(
      new Option("-d, --data-dir <path>", "Where to keep the database (default: a temporary directory)"),
    )
    .option("-i, --input <json>", "the run's input: JSON, @file, or @- for standard input")
    .option("--show-output", "then print what the last stage's last steps printed")
    .addHelpText(
      "after",
      "\nThe database is a temporary one unless --data-dir is given. Exit code: 0 completed, 1 failed, 130 interrupted.",
    )
    .action(async (flow: string, options: { input?: string; showOutput?: boolean }, command: Command) =>
      done(
        await commands.run(invocation(command), {
          flow,
          input: options.input,
          showOutput: options.showOutput ?? false,
        }),
      ),
    );

  subcommand(program, "migrate", "bring the database's schema up to date (a server does so by itself)", [
    "dataDir",
  ])
    .addArgument(new Argument("[action]", "what to do").choices(["latest", "status"]).default("latest"))
    .action(async (action: "latest" | "status", _options, command: Command) =>
      done(await commands.migrate(invocation(command), action)),
    );

  subcommand(
    program,
    "doctor",
    "look for what keeps MaxQ from working here, and say what cures it",
    flaggedSettings,
  ).action(async (_options, command: Command) => done(await commands.doctor(invocation(command))));

  subcommand(program, "verify", "check what must hold in the database, also while servers use it", [
    "dataDir",
  ]).action(async (_options, command: Command) => done(await commands.verify(invocation(command))));

  subcommand(program, "key", "print the key that MaxQ made for itself", ["dataDir"])
    .option("--rotate", "make a new one first; the old one stops working")
    .action(async (options: { rotate?: boolean }, command: Command) =>
      done(await commands.key(invocation(command), options.rotate ?? false)),
    );
  return program;
}

function subcommand(program: Command, name: string, meaning: string, flags: readonly SettingName[]): Command {
  const command = program.command(name).description(meaning);
  addFlags(command, flags);
  return command;
}
