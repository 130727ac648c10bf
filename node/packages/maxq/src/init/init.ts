import { existsSync } from "node:fs";
import { chmod, mkdir, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { isFlowName, shellWord } from "@maxq/core";
import { exitCode } from "../command/exit-code.js";
import type { Invocation } from "../command/invocation.js";
import { settingsOrComplain } from "../settings/or-complain.js";
import { httpFlow, stdoutFlow, type FlowFiles } from "./templates.js";

export interface InitRequest {
  readonly name: string;
  readonly dialect: "stdout" | "http";
}

const dialects: Readonly<Record<InitRequest["dialect"], FlowFiles>> = { stdout: stdoutFlow, http: httpFlow };

/** `maxq init`: writes a flow that runs at once. Touches nothing that is there. */
export async function init(invocation: Invocation, { name, dialect }: InitRequest): Promise<number> {
  const { out, err, json } = invocation;
  const settings = settingsOrComplain(invocation);
  if (settings === null) return exitCode.usage;
  const root = resolve(settings.flowsRoot);
  const directory = join(root, name);
  const wrong = isFlowName(name)
    ? existsSync(directory)
      ? `${directory} exists already. Choose another name, or move it away.`
      : null
    : `"${name}" is not a flow name: use letters, digits, "_", "-" and ".", at most 128.`;
  if (wrong !== null) {
    err(`maxq: ${wrong}`);
    return exitCode.usage;
  }
  const files = Object.keys(dialects[dialect]).map((path) => join(directory, path));
  for (const [path, text] of Object.entries(dialects[dialect]))
    await writeScript(join(directory, path), text);
  if (json) out(JSON.stringify({ flow: name, directory, files }));
  else for (const file of files) out(relative(process.cwd(), file));
  const flows = settings.flowsRoot === "./flows" ? "" : ` --flows ${shellWord(settings.flowsRoot)}`;
  err(`Run it: maxq run ${name} --show-output${flows}`);
  return exitCode.success;
}

async function writeScript(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text, { flag: "wx" });
  await chmod(path, 0o755);
}
