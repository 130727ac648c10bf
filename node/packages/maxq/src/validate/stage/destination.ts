import type { Command } from "../shell/reader.js";

const prints = /^(cat|echo|printf)$/;
const url = /^["']?(https?:\/\/|\$\{?MAXQ_API\b)/;
const scheduling = /\/steps["']?([?#].*)?$/;
const standard = /MAXQ_OUTPUT|\/dev\/(stdout|fd\/1)|^>&\s*1$/;

/** Whether what a command is given reaches MaxQ as no stage, as far as it is written there: it is sent to another address, or printed into a file. */
export function goesElsewhere({ before, pipeline, redirections }: Command): boolean {
  const addresses = pipeline.filter((word) => url.test(word));
  if (addresses.length > 0) return !addresses.some((word) => scheduling.test(word));
  return before.some((word) => prints.test(word)) && redirections.some((target) => !standard.test(target));
}
