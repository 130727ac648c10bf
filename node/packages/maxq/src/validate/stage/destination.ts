import type { Command, Pipeline } from "../shell/reader.js";

const prints = /^(.*\/)?(cat|echo|printf)$/;
const sends = /^(.*\/)?(curl|wget)$/;
/** Programs that print what is piped into them. */
const passesOn = /^(.*\/)?(cat|tee|jq)$/;
const url = /^["']?(https?:\/\/|\$\{?MAXQ_API\b)/;
const scheduling = /\/steps["']?([?#].*)?$/;
const standard = /MAXQ_OUTPUT|\/dev\/(stdout|fd\/1)|^>&\s*1$/;

/** Whether what a command is given reaches MaxQ as no stage, as far as it is written in the script: it is sent to another address, or printed into a file or another program. */
export function goesElsewhere(script: string, command: Command): boolean {
  const addresses = command.pipeline
    .flatMap((word) => meanings(script, word))
    .filter((word) => url.test(word));
  if (addresses.length > 0) return !addresses.some((word) => scheduling.test(word));
  if (!command.before.some((word) => prints.test(word))) return false;
  for (let at: Pipeline | null = command; at !== null; at = at.within) if (isTaken(at)) return true;
  return false;
}

/** Whether the last of a pipeline prints nothing of it where MaxQ reads it. */
function isTaken({ pipeline, place, redirections }: Pipeline): boolean {
  const rest = pipeline.slice(place);
  const programs = rest.filter((_, index) => rest[index - 1] === "|");
  if (programs.some((word) => sends.test(word)) || rest.some((word) => word.includes("MAXQ_OUTPUT")))
    return false;
  return (
    programs.some((word) => !passesOn.test(word)) || redirections.some((target) => !standard.test(target))
  );
}

/** A word as it is written, and with what the script gives the variable that it begins with. */
function meanings(script: string, word: string): string[] {
  const [, name, rest = ""] = /^["']?\$\{?(\w+)\}?(.*)$/s.exec(word) ?? [];
  if (name === undefined) return [word];
  const given = script.matchAll(new RegExp(String.raw`\b${name}=["']?(?:\$\{\w+:?[-=])?([^\s;"'}]*)`, "g"));
  return [word, ...[...given].map(([, value = ""]) => value + rest)];
}
