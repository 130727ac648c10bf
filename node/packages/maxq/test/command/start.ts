import { join } from "node:path";
import { aFolder, startProgram, type Program } from "@maxq/test-kit";

/** The command, as it was built last. */
export const command = join(import.meta.dirname, "..", "..", "bin", "maxq");

/** Starts the command as users do, as it was built last, in an empty folder unless told otherwise. */
export function maxq(
  args: readonly string[],
  { env = {}, cwd = aFolder("cwd") }: { env?: Record<string, string>; cwd?: string } = {},
): Program {
  return startProgram({ command, args: [...args], env, cwd });
}

/** Starts a server on a free port and answers where it is once it says that it is ready. */
export async function aServer(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<{ server: Program; url: string }> {
  const server = maxq(["--port", "0", ...args], { env });
  const [, url = ""] = await server.waitForOutput(/serves (http:\/\/[^,]+)/);
  return { server, url };
}

/** Makes a run and answers its id. */
export async function aRun(url: string, flowName: string): Promise<string> {
  const answer = await fetch(`${url}/flows/${flowName}/runs`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: "{}",
  });
  const run = (await answer.json()) as { id: string };
  return run.id;
}

/** What the server says about something of a run. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the tests say what they expect of it
export async function ask(url: string, path: string): Promise<any> {
  return (await fetch(`${url}${path}`)).json();
}
