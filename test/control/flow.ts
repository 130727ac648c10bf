/** Pieces of which the `flow.sh` of a test is made. */

/**
 * A flow.sh that looks at what it is told, as `COMPLETED/FAILED` (both stages' names, `/` at the first call), and does what is given for that.
 * `*` stands for the rest; without it, it does nothing.
 */
export function told(cases: Readonly<Record<string, string>>): string {
  const { "*": rest, ...named } = cases;
  const arms = Object.entries(named).map(([names, script]) => `"${names}")\n${script}\n;;`);
  if (rest !== undefined) arms.push(`*)\n${rest}\n;;`);
  return `case "$MAXQ_COMPLETED_STAGE/$MAXQ_FAILED_STAGE" in\n${arms.join("\n")}\nesac`;
}

/** Prints a document, as the stdout dialect does. */
export function prints(document: unknown): string {
  return `cat <<'END'\n${JSON.stringify(document)}\nEND`;
}

/** Posts a document, as the HTTP dialect does. */
export function posts(document: unknown): string {
  return `curl -fsS "$MAXQ_API/runs/$MAXQ_RUN_ID/steps" -d @- <<'END'\n${JSON.stringify(document)}\nEND`;
}

/** A stage of steps that are given by id; the script of each is named as it is, unless `name` says otherwise. */
export function stage(
  name: string,
  steps: readonly (string | Readonly<Record<string, unknown>>)[],
  more: Readonly<Record<string, unknown>> = {},
): Readonly<Record<string, unknown>> {
  const entries = steps.map((step) => {
    const entry = typeof step === "string" ? { id: step } : step;
    return "name" in entry ? entry : { ...entry, name: entry["id"] };
  });
  return { stage: name, steps: entries, ...more };
}
