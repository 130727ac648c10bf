import { accessSync, constants, existsSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";

/** Which launcher to use: `auto` takes the native one where its binary is there and runs. */
export type LauncherChoice = "auto" | "native" | "node";

/** How a launcher is started. */
export interface LauncherCommand {
  readonly kind: "native" | "node";
  readonly file: string;
  readonly args: readonly string[];
}

/** Where the launchers are, if not beside this package's code (a bundle moves them). */
export interface LauncherFiles {
  readonly native?: string;
  /** A JavaScript file. */
  readonly node?: string;
}

/** The native launcher's file, whether it is there or not: the one compiled here, else the one that the package brought for this kind of machine. */
export function nativeLauncherPath(files: LauncherFiles = {}): string {
  if (files.native !== undefined) return files.native;
  const compiled = fileURLToPath(new URL("../../build/maxq-launcher", import.meta.url));
  const brought = `${compiled}-${process.platform}-${process.arch}`;
  return !existsSync(compiled) && existsSync(brought) ? brought : compiled;
}

/** The commands to try, in this order; empty if only `native` will do and there is none. */
export function launcherCommands(choice: LauncherChoice, files: LauncherFiles = {}): LauncherCommand[] {
  const native = nativeLauncherPath(files);
  const commands: LauncherCommand[] = [];
  if (choice !== "node" && isExecutable(native)) commands.push({ kind: "native", file: native, args: [] });
  if (choice !== "native")
    commands.push({ kind: "node", file: process.execPath, args: nodeArguments(files) });
  return commands;
}

/** Run from source, the Node launcher is TypeScript and needs tsx. */
function nodeArguments(files: LauncherFiles): string[] {
  if (files.node !== undefined) return [files.node];
  const here = fileURLToPath(import.meta.url);
  const extension = here.slice(here.lastIndexOf("."));
  const main = fileURLToPath(new URL(`./node/main${extension}`, import.meta.url));
  if (extension !== ".ts") return [main];
  return ["--import", pathToFileURL(createRequire(import.meta.url).resolve("tsx")).href, main];
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
