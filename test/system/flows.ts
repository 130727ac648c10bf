import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Makes flows below `root`. Scripts are given without their first line, which is `#!/bin/sh`, unless they bring one. */
export class Flows {
  constructor(readonly root: string) {
    mkdirSync(root, { recursive: true });
  }

  /** A flow of the given `flow.sh` and step scripts by name. Answers its name. */
  add(name: string, flow: string, steps: Readonly<Record<string, string>> = {}): string {
    this.script(join(name, "flow.sh"), flow);
    for (const [step, script] of Object.entries(steps))
      this.script(join(name, "steps", step, "step.sh"), script);
    return name;
  }

  /** A flow that prints this stage document when it is called first, and nothing later. */
  stage(name: string, document: unknown, steps: Readonly<Record<string, string>> = {}): string {
    this.file(join(name, "stage.json"), JSON.stringify(document));
    return this.add(name, '[ -n "$MAXQ_COMPLETED_STAGE$MAXQ_FAILED_STAGE" ] || cat stage.json', steps);
  }

  /** A flow that posts this stage document when it is called first, by a curl that hides refusals. */
  posted(name: string, document: unknown, steps: Readonly<Record<string, string>> = {}): string {
    this.file(join(name, "stage.json"), JSON.stringify(document));
    const post = 'curl -sS -X POST "$MAXQ_API/runs/$MAXQ_RUN_ID/steps" -d @stage.json';
    return this.add(name, `[ -n "$MAXQ_COMPLETED_STAGE$MAXQ_FAILED_STAGE" ] || ${post}`, steps);
  }

  script(path: string, text: string, mode = 0o755): void {
    this.file(path, text.startsWith("#!") ? text : `#!/bin/sh\n${text}\n`, mode);
  }

  file(path: string, text: string, mode = 0o644): void {
    mkdirSync(join(this.root, path, ".."), { recursive: true });
    writeFileSync(join(this.root, path), text, { mode });
  }
}
