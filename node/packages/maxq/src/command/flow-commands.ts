import { Option } from "commander";
import type { Commands } from "./invocation.js";
import type { Subcommands } from "./subcommands.js";

/** The commands about flows and those who run them. */
export function addFlowCommands(to: Subcommands, commands: Commands): void {
  to.asking("flows", "list the flows of a server, or show one")
    .argument("[flow]", "a flow's name")
    .action(to.acting((invocation, flow: string | undefined) => commands.flows(invocation, flow)));

  to.asking("workers", "list the processes that claim and execute").action(
    to.acting((invocation) => commands.workers(invocation)),
  );

  to.answering("init", "make a flow that runs at once, to begin with", ["flowsRoot"])
    .argument("<name>", "the flow's name")
    .addOption(
      new Option("--dialect <name>", "how flow.sh says what comes next: by printing it, or by a request")
        .choices(["stdout", "http"])
        .default("stdout"),
    )
    .action(
      to.acting((invocation, name: string, options: { dialect: "stdout" | "http" }) =>
        commands.init(invocation, { name, dialect: options.dialect }),
      ),
    );

  to.answering("validate", "find what will keep flows from running, without running them", ["flowsRoot"])
    .argument("[flow]", "a flow's name, or the path of its directory (default: all)")
    .addHelpText("after", "\nExit code: 0 nothing was found, 1 faults were found, 2 there is no such flow.")
    .action(to.acting((invocation, flow: string | undefined) => commands.validate(invocation, flow)));
}
