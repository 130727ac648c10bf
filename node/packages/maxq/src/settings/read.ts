import { readFileSync, statSync } from "node:fs";
import { didYouMean, messageOf, shellWord } from "@maxq/core";
import type { Setting } from "./setting.js";
import { rules } from "./rules.js";
import { settings, type SettingName, type Settings } from "./settings.js";

/** Settings that were given on the command line, by name, as text. */
export type Flags = Partial<Readonly<Record<SettingName, string>>>;

export type Environment = Readonly<Record<string, string | undefined>>;

/** Every problem at once, or the settings. Warnings do not keep anything from starting. */
export type ReadSettings =
  | { readonly reason: "read"; readonly settings: Settings; readonly warnings: readonly string[] }
  | {
      readonly reason: "invalid";
      readonly problems: readonly string[];
      readonly warnings: readonly string[];
    };

interface Source {
  readonly text: string;
  /** How the user spelt it: a flag or a variable. */
  readonly spelling: string;
}

const table: Readonly<Record<SettingName, Setting<unknown>>> = settings;
const names = Object.keys(settings) as SettingName[];

/** The long form of a flag: `--port`. */
export function longFlag(flag: string): string {
  return /--[a-z-]+/.exec(flag)?.[0] ?? flag;
}

/** Reads all settings. A flag wins over a variable, and an empty variable counts as unset. */
export function readSettings(flags: Flags, environment: Environment): ReadSettings {
  const problems: string[] = [];
  const given = new Set<SettingName>();
  const read: Partial<Record<SettingName, unknown>> = {};
  for (const name of names) {
    const source = sourceOf(name, flags, environment);
    if (source !== null) given.add(name);
    read[name] = valueOf(table[name], source, problems);
  }
  follow("databaseUrl", "databaseUrlFile", read, problems);
  follow("apiKey", "apiKeyFile", read, problems);
  const partial = read as Partial<Settings>;
  for (const rule of rules) {
    const broken = rule.broken(given, partial);
    if (broken !== null) problems.push(broken);
  }
  const warnings = unknownVariables(environment);
  if (problems.length > 0) return { reason: "invalid", problems, warnings };
  return { reason: "read", settings: partial as Settings, warnings };
}

function sourceOf(name: SettingName, flags: Flags, environment: Environment): Source | null {
  const { flag, variables } = table[name];
  const text = flags[name];
  if (text !== undefined) return { text, spelling: flag === null ? name : longFlag(flag) };
  for (const variable of variables) {
    const value = environment[variable];
    if (value !== undefined && value !== "") return { text: value, spelling: variable };
  }
  return null;
}

function valueOf(entry: Setting<unknown>, source: Source | null, problems: string[]): unknown {
  if (source === null) return entry.default === null ? null : entry.schema.parse(entry.default);
  const parsed = entry.schema.safeParse(source.text);
  if (parsed.success) return parsed.data;
  const shown = entry.secret ? "set" : JSON.stringify(source.text);
  const wanted = parsed.error.issues[0]?.message ?? "it is not valid";
  const cure = entry.default
    ? ` Correct it, or leave it out for ${entry.default}.`
    : " Correct it, or leave it out.";
  problems.push(`${source.spelling} is ${shown}, but ${wanted}.${cure}`);
  return undefined;
}

/** Reads a secret from the file that another setting names. */
function follow(
  name: SettingName,
  fileName: SettingName,
  read: Partial<Record<SettingName, unknown>>,
  problems: string[],
): void {
  const file = read[fileName];
  if (typeof file !== "string") return;
  const spelling = table[fileName].variables[0] ?? fileName;
  try {
    const text = readFileSync(file, "utf8").trim();
    if (isWritableByAll(file)) problems.push(writableByAll(spelling, file));
    if (text === "") problems.push(`${spelling} names ${file}, which is empty. Write the value into it.`);
    else read[name] = valueOf(table[name], { text, spelling: `What ${spelling} names (${file})` }, problems);
  } catch (error) {
    problems.push(
      `${spelling} names a file that cannot be read: ${messageOf(error)}. Correct the path or its permissions.`,
    );
  }
}

/** Whoever may write the file chooses the secret. That others read it is as usual: containers get their secrets in files of root that all can read. */
function isWritableByAll(file: string): boolean {
  const found = statSync(file);
  return found.isFile() && (found.mode & 0o002) !== 0;
}

function writableByAll(spelling: string, file: string): string {
  const mode = (statSync(file).mode & 0o777).toString(8);
  return `${spelling} names ${file}, which every user may write (mode 0${mode}). Look whether it still holds what you wrote, and run chmod 600 ${shellWord(file)}.`;
}

/** Variables that MaxQ sets for scripts: a command that a script starts sees them, and they configure nothing. `MAXQ_NOHUP` is of `bin/maxq`. */
const scriptVariables = new Set(
  "RUN_ID FLOW_NAME API COMPLETED_STAGE FAILED_STAGE STEP_ID STEP_NAME STAGE_NAME STAGE SEQUENCE ATTEMPT INPUT OUTPUT MARK NOHUP"
    .split(" ")
    .map((name) => `MAXQ_${name}`),
);

function unknownVariables(environment: Environment): string[] {
  const known = names.flatMap((name) => table[name].variables);
  return Object.keys(environment)
    .filter((name) => environment[name] !== "")
    .filter((name) => name.startsWith("MAXQ_") && !name.startsWith("MAXQ_TEST_"))
    .filter((name) => !known.includes(name) && !scriptVariables.has(name))
    .map((name) => `${name} is no setting of MaxQ and is ignored.${didYouMean(name, known)}`);
}
