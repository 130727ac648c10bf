import { Argument, Option } from "commander";
import { runStatuses } from "@maxq/core";
import type { PruneCommand } from "../prune/prune.js";
import type { ControlAction } from "../runs/control.js";
import type { ListRunsRequest } from "../runs/list.js";
import type { LogsRequest } from "../runs/logs.js";
import { settingsHere, type RunRequest } from "../run/request.js";
import { clientSettings } from "./flags.js";
import type { Commands, Invocation } from "./invocation.js";
import { countFrom, durationFrom, type Subcommands } from "./subcommands.js";

const runArgument = new Argument("<run>", "a run's id, or `last`");

const exitCodes =
  "\nExit code of a watched run: 0 completed, 1 failed, 3 aborted, 124 out of time, 130 interrupted. Others: 2 usage, 4 key refused, 5 server not reached.";

/** The commands about runs. */
export function addRunCommands(to: Subcommands, commands: Commands): void {
  addRun(to, commands);
  addReaders(to, commands);
  addControls(to, commands);
  addPrune(to, commands);
}

function addRun(to: Subcommands, commands: Commands): void {
  to.answering("run", "run a flow: on a server if one is named, else to its end here, without a server", [
    ...settingsHere,
    ...clientSettings,
  ])
    .argument("<flow>", "a flow's name; without a server also the path of its directory")
    .addOption(
      new Option(
        "-d, --data-dir <path>",
        "Without a server: where to keep the database (default: a temporary directory)",
      ),
    )
    .option("-i, --input <json>", "the run's input: JSON, @file, or @- for standard input")
    .option("-w, --watch", "on a server: watch the run to its end (here that is always so)")
    .option("--show-output", "then print what the last stage's last steps printed")
    .addOption(
      new Option("--timeout <duration>", "the run fails when it takes longer: 90s, 15m, 2h").argParser(
        durationFrom,
      ),
    )
    .option("--name <text>", "the run's display name")
    .addHelpText(
      "after",
      `${exitCodes}\nThe server is named by --server or MAXQ_URL. Without one the database is a temporary one unless --data-dir is given.`,
    )
    .action(
      to.acting((invocation, flow: string, options: Omit<RunRequest, "flow">) =>
        commands.run(invocation, { ...options, flow }),
      ),
    );
}

function addReaders(to: Subcommands, commands: Commands): void {
  to.asking("runs", "list runs, newest first")
    .option("--flow <name>", "of this flow")
    .option("--status <words>", `in one of these states, separated by commas: ${runStatuses.join(", ")}`)
    .addOption(new Option("--since <duration>", "started no longer ago: 90s, 2h, 7d").argParser(durationFrom))
    .addOption(
      new Option("-n, --limit <number>", "how many at most").argParser(countFrom(1, 100_000)).default(20),
    )
    .action(to.acting((invocation, options: ListRunsRequest) => commands.runs(invocation, options)));

  to.asking("show", "show a run, or a step of it")
    .addArgument(runArgument)
    .argument("[step]", "a step's id, or flow:1 for the first call of flow.sh")
    .option("-w, --watch", "watch the run to its end; its result is the exit code")
    .addHelpText("after", exitCodes)
    .action(
      to.acting((invocation, run: string, step: string | undefined, options: { watch?: boolean }) =>
        commands.show(invocation, { run, step, watch: options.watch ?? false }),
      ),
    );

  to.asking("logs", "print what a run's scripts printed, or one step's, and what was logged")
    .addArgument(runArgument)
    .argument("[step]", "a step's id, or flow:1 for the first call of flow.sh")
    .option("-f, --follow", "go on with what comes until the step or run is over")
    .addOption(new Option("--stream <name>", "only this one").choices(["stdout", "stderr"]))
    .addOption(
      new Option("--attempt <number>", "of a step; default the last").argParser(countFrom(1, 1_000_000_000)),
    )
    .action(
      to.acting(
        (
          invocation,
          run: string,
          step: string | undefined,
          options: Omit<LogsRequest, "run" | "step" | "follow"> & { follow?: boolean },
        ) => commands.logs(invocation, { ...options, run, step, follow: options.follow ?? false }),
      ),
    );

  to.asking("export", "print everything about a run as one JSON document")
    .addArgument(runArgument)
    .option("-o, --output <file>", "write it there")
    .action(
      to.acting((invocation, run: string, options: { output?: string }) =>
        commands.exportRun(invocation, { run, output: options.output }),
      ),
    );
}

function addControls(to: Subcommands, commands: Commands): void {
  const simple: Readonly<Record<Exclude<ControlAction, "retry">, string>> = {
    abort: "end every process of a run, wherever it runs",
    pause: "start nothing new of a run; what runs finishes",
    resume: "go on with a paused run",
  };
  for (const [action, meaning] of Object.entries(simple) as [keyof typeof simple, string][]) {
    to.asking(action, meaning)
      .addArgument(runArgument)
      .action(to.acting((invocation, run: string) => commands.control(invocation, { action, run })));
  }
  to.asking("retry", "go on with a failed or aborted run, or run one of its steps again")
    .addArgument(runArgument)
    .argument("[step]", "the id of a failed, cancelled or aborted step")
    .option("--new", "start a new run of the same flow and input instead")
    .option("--cascade", "with a step: also run again what depends on it")
    .option("-w, --watch", "watch the run to its end; its result is the exit code")
    .addHelpText("after", exitCodes)
    .action(
      to.acting((invocation: Invocation, run: string, step: string | undefined, options: RetryOptions) =>
        commands.control(invocation, { action: "retry", run, step, ...options }),
      ),
    );
}

function addPrune(to: Subcommands, commands: Commands): void {
  to.asking("prune", "remove finished runs: those that are too old, or too many")
    .addOption(
      new Option("--older-than <duration>", "whose end is longer ago: 12h, 30d").argParser(durationFrom),
    )
    .addOption(
      new Option("--keep <number>", "beyond the newest so many of each flow").argParser(
        countFrom(0, 1_000_000_000),
      ),
    )
    .option("--flow <name>", "of this flow only")
    .option("--dry-run", "only say how much would go")
    .addHelpText(
      "after",
      "\nA run goes when either says so. Without both, the server's own retention (MAXQ_RETENTION_…) says it.",
    )
    .action(to.acting((invocation, options: PruneCommand) => commands.prune(invocation, options)));
}

interface RetryOptions {
  readonly new?: boolean;
  readonly cascade?: boolean;
  readonly watch?: boolean;
}
