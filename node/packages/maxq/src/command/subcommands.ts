import { InvalidArgumentError, type Command } from "commander";
import { shellWord } from "@maxq/core";
import { readDuration } from "../settings/values.js";
import type { SettingName } from "../settings/settings.js";
import { exitCode } from "./exit-code.js";
import { addFlags, clientSettings, givenFlags } from "./flags.js";
import type { Invocation } from "./invocation.js";

/** Adds commands to the program and ends with what each answers. */
export class Subcommands {
  constructor(
    private readonly program: Command,
    private readonly surroundings: Omit<Invocation, "flags" | "json">,
    private readonly done: (code: number) => void,
  ) {}

  /** A command with these settings as flags. */
  add(nameAndArguments: string, meaning: string, flags: readonly SettingName[]): Command {
    const command = this.program.command(nameAndArguments).description(meaning);
    addFlags(command, flags);
    return command;
  }

  /** A command whose answer can be JSON. */
  answering(nameAndArguments: string, meaning: string, flags: readonly SettingName[]): Command {
    return this.add(nameAndArguments, meaning, flags).option("--json", "answer JSON, for programs");
  }

  /** A command that asks a server. */
  asking(nameAndArguments: string, meaning: string): Command {
    return this.answering(nameAndArguments, meaning, clientSettings);
  }

  /** What a command is called with. */
  invocation(command: Command): Invocation {
    const { json } = command.opts<{ json?: boolean }>();
    return { ...this.surroundings, flags: givenFlags(command), json: json ?? false };
  }

  /** What commander calls: `act` with the invocation and what the command line says, unless that says more than the command takes. */
  acting<Given extends readonly unknown[]>(
    act: (invocation: Invocation, ...given: Given) => Promise<number>,
  ): (...given: [...Given, Command]) => Promise<void> {
    return async (...all) => {
      const command = all.at(-1) as Command;
      const tooMuch = command.args[command.processedArgs.length];
      if (tooMuch !== undefined) {
        const usage = `maxq ${command.name()} ${command.usage()}`;
        this.surroundings.err(
          `maxq: ${command.name()} has no use for ${shellWord(tooMuch)}. It is called so: ${usage}`,
        );
        this.done(exitCode.usage);
        return;
      }
      this.done(await act(this.invocation(command), ...(all.slice(0, -1) as unknown as Given)));
    };
  }
}

/** Reads a whole number from the command line. */
export function countFrom(least: number, most: number): (text: string) => number {
  return (text) => {
    const number = /^\d{1,15}$/.test(text) ? Number(text) : NaN;
    if (number >= least && number <= most) return number;
    throw new InvalidArgumentError(`Give a whole number from ${least} to ${most}.`);
  };
}

/** Reads a duration from the command line, `90s` or `2h`, as ms. */
export function durationFrom(text: string): number {
  const ms = readDuration(text);
  if (ms !== null) return ms;
  throw new InvalidArgumentError("Give a number and a unit: 500ms, 90s, 15m, 2h or 7d.");
}
