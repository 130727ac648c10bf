import { Argument } from "commander";
import { flaggedSettings } from "./flags.js";
import type { Commands } from "./invocation.js";
import type { Subcommands } from "./subcommands.js";

const ofWorker = flaggedSettings.filter((name) => name !== "port" && name !== "host");

/** The commands that are a server or a worker, and those that look at what one needs. */
export function addServerCommands(to: Subcommands, commands: Commands): void {
  to.add("serve", "start the server (what maxq does without a command)", flaggedSettings)
    .option("--no-worker", "answer requests only, and leave the work to `maxq worker` (PostgreSQL)")
    .action(to.acting((invocation, options: { worker: boolean }) => commands.serve(invocation, options)));

  to.add(
    "worker",
    "work beside servers and other workers on the same PostgreSQL, without answering requests",
    ofWorker,
  ).action(to.acting((invocation) => commands.worker(invocation)));

  to.answering("migrate", "bring the database's schema up to date (a server does so by itself)", ["dataDir"])
    .addArgument(new Argument("[action]", "what to do").choices(["latest", "status"]).default("latest"))
    .action(to.acting((invocation, action: "latest" | "status") => commands.migrate(invocation, action)));

  to.answering(
    "doctor",
    "look for what keeps MaxQ from working here, and say what cures it",
    flaggedSettings,
  ).action(to.acting((invocation) => commands.doctor(invocation)));

  to.answering("verify", "check what must hold in the database, also while servers use it", [
    "dataDir",
  ]).action(to.acting((invocation) => commands.verify(invocation)));

  to.answering("key", "print the key that MaxQ made for itself", ["dataDir"])
    .option("--rotate", "make a new one first; the old one stops working")
    .action(
      to.acting((invocation, options: { rotate?: boolean }) =>
        commands.key(invocation, options.rotate ?? false),
      ),
    );
}
