import { Option, type Command } from "commander";
import type { Flags } from "../settings/read.js";
import type { Setting } from "../settings/setting.js";
import { settings, type SettingName } from "../settings/settings.js";

const table: Readonly<Record<SettingName, Setting<unknown>>> = settings;

const flagged = (Object.keys(settings) as SettingName[]).filter((name) => table[name].flag !== null);

/** What a client of a server is told. */
export const clientSettings = flagged.filter((name) => table[name].group === "Client");

/** All settings of servers and workers that have a flag, in the order of the table. */
export const flaggedSettings = flagged.filter((name) => table[name].group !== "Client");

/** Gives a command the flags of these settings, with their meaning and default. */
export function addFlags(command: Command, names: readonly SettingName[]): void {
  for (const name of names) {
    const { flag, meaning, default: value } = table[name];
    if (flag === null) throw new Error(`the setting ${name} has no flag`);
    command.addOption(new Option(flag, meaning).default(value ?? undefined));
  }
}

/** The settings that were given on the command line, before the command's name or after it. */
export function givenFlags(command: Command): Flags {
  const flags: Partial<Record<SettingName, string>> = {};
  for (let level: Command | null = command; level !== null; level = level.parent) {
    for (const option of level.options) {
      const name = flagged.find((candidate) => table[candidate].flag === option.flags);
      const attribute = option.attributeName();
      if (name === undefined || flags[name] !== undefined) continue;
      if (level.getOptionValueSource(attribute) === "cli")
        flags[name] = level.getOptionValue(attribute) as string;
    }
  }
  return flags;
}
