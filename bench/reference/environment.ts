import type { BenchServer } from "../program/engine.js";

/** The variables that a step of this server finds, values and all: a reference script that gets them starts with the same environment. */
export async function stepEnvironment({ api }: BenchServer): Promise<Record<string, string>> {
  const { id } = await api.runToEnd("environment", {}, 20);
  const { stdout } = (await api.get(`/runs/${id}/steps/work.show`)) as { stdout: string };
  const variables = Buffer.from(stdout, "base64").toString().split("\0").filter(Boolean);
  // Its files are gone by now, its token is over, and bash adds variables of its own.
  const own = ["_", "SHLVL", "OLDPWD"];
  const pairs = variables.map(
    (variable) =>
      [variable.slice(0, variable.indexOf("=")), variable.slice(variable.indexOf("=") + 1)] as const,
  );
  return Object.fromEntries(pairs.filter(([name]) => !own.includes(name)));
}
