/** The examples of docs/specification.md are executed as they stand there, and there is one for every route. */
import { startProgram } from "@maxq/test-kit";
import { expect } from "chai";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { onEachDatabase } from "../system/databases.js";
import { readApiDocument } from "./api-document.js";

interface Example {
  readonly line: string;
  readonly command: string;
  readonly status: number;
  readonly method: string;
  /** Below the base, without the query. */
  readonly path: string;
  /** Its answer's id is the run of what follows. */
  readonly makesRun: boolean;
}

function examples(): Example[] {
  const text = readFileSync(resolve(import.meta.dirname, "../../docs/specification.md"), "utf8");
  const [, section = ""] = text.split("### 5.1 Examples");
  const [, block = ""] = /```bash[^\n]*\n([^]*?)```/.exec(section) ?? [];
  const lines = block.split("\n").filter((line) => line.includes("curl "));
  return lines.map((line) => {
    const [, text = "", status = ""] = /^(.*?)\s+# (\d{3})$/.exec(line) ?? [];
    const makesRun = text.startsWith("RUN=$(");
    const command = makesRun ? text.slice("RUN=$(".length, text.indexOf(" | jq")) : text;
    const method = / -X (\w+)/.exec(command)?.[1] ?? (command.includes(" -d ") ? "POST" : "GET");
    return {
      line,
      command,
      status: Number(status),
      method,
      path: /\$API([^?"\s]*)/.exec(command)?.[1] ?? "",
      makesRun,
    };
  });
}

onEachDatabase("the specification", { env: { MAXQ_DRAIN_MS: "100" } }, (system) => {
  before(() => {
    const waits = "while :; do sleep 0.05; done";
    system.flows.add("hello", waits, { "say-hello": waits });
  });

  it("has an example for every route", async () => {
    const { operations } = await readApiDocument(system.server.api);
    const shown = examples();
    const missing = operations.filter(({ method, path }) => {
      const pattern = new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`);
      return !shown.some((example) => example.method === method && pattern.test(example.path));
    });
    expect(missing.map(({ method, path }) => `${method} ${path}`)).to.deep.equal([]);
  });

  it("answers its examples as it says", async () => {
    let run = "";
    for (const { line, command, status, makesRun } of examples()) {
      const curl = startProgram({
        command: "sh",
        args: ["-c", command.replace("curl ", "curl -sS -w '\\n%{http_code}' ")],
        env: { API: system.server.api.url, RUN: run, JSON: "Content-Type: application/json" },
      });
      await curl.ended;
      const output = curl.output();
      expect(output.slice(-3), `${line}\n${output}`).to.equal(String(status));
      if (makesRun) run = JSON.parse(output.slice(0, -3)).id as string;
    }
  });
});
