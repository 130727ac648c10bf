/** Writes the pages of docs/ that are made from the source, or with --check says which are out of date. */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { errors, renderTransitions } from "@maxq/core";
import { renderAlerts, renderMetrics } from "../node/packages/maxq/src/metrics/render.js";
import { renderSettings } from "../node/packages/maxq/src/settings/render.js";

const docs = join(import.meta.dirname, "..", "docs");

function renderErrors(): string {
  const cell = (text: string): string => text.replaceAll("|", "\\|");
  const rows = Object.entries(errors).map(
    ([code, { status, meaning, cure }]) =>
      `| \`${code}\` | ${status ?? "—"} | ${cell(meaning)} | ${cell(cure)} |\n`,
  );
  return `# Errors

Every code that MaxQ answers with or stores. This page is made from the table that the program itself uses (\`./scripts/render-docs.sh\`).

An HTTP answer is \`{"error": text, "code": CODE, "details": {...}}\` with the status given here; a code without one is only stored, as the \`error\` of a run or step. Requests whose headers or URL are too long (16 KiB) are answered before they are read as such: \`INVALID_REQUEST\` with status 431. One with an \`Expect\` other than \`100-continue\` is \`INVALID_REQUEST\` with status 417.

| code | status | meaning | what to do |
|---|---|---|---|
${rows.join("")}`;
}

function renderStateMachine(): string {
  return `# States and their legal moves

Every change of state that there is. This page is made from the table that the program itself obeys (\`./scripts/render-docs.sh\`).

${renderTransitions()}`;
}

const pages: Readonly<Record<string, () => string>> = {
  "configuration.md": renderSettings,
  "errors.md": renderErrors,
  "examples/prometheus-alerts.yaml": renderAlerts,
  "metrics.md": renderMetrics,
  "state-machine.md": renderStateMachine,
};

const checkOnly = process.argv.includes("--check");
for (const [name, render] of Object.entries(pages)) {
  const file = join(docs, name);
  const text = render();
  const current = existsSync(file) && readFileSync(file, "utf8") === text;
  if (current) continue;
  if (checkOnly) {
    console.error(`docs/${name} is out of date. Run ./scripts/render-docs.sh and commit what it writes.`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, text);
    console.log(`wrote docs/${name}`);
  }
}
