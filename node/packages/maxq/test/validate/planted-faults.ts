import { chmodSync, mkdirSync, renameSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aFlow } from "@maxq/test-kit";

/** A fault, how it gets into a flow that has none, and what is to be found. */
export interface Planted {
  readonly fault: string;
  readonly plant: (root: string, name: string) => void;
  readonly code: string;
  /** Below the flow's directory; "" for the directory itself. */
  readonly file: string;
  readonly line: number;
  readonly column?: number;
  readonly cure: RegExp;
}

const fine = `cat <<'EOF'
{
  "stage": "s",
  "steps": [{"name": "a"}]
}
EOF`;

function flow(root: string, name: string, script = fine): string {
  return aFlow(name, { flow: script, steps: { a: "true", b: "true" } }, root).directory;
}

/** A flow that prints this document from its third line on. */
function printing(document: string): (root: string, name: string) => void {
  return (root, name) => void flow(root, name, `cat <<EOF\n${document}\nEOF`);
}

function writing(file: string, text: string): (root: string, name: string) => void {
  return (root, name) => writeFileSync(join(flow(root, name), file), text);
}

const step = "steps/a/step.sh";

/** Faults of files and names. */
const inFiles: readonly Planted[] = [
  {
    fault: "flow.sh without its bit",
    plant: (root, name) => chmodSync(join(flow(root, name), "flow.sh"), 0o644),
    ...{ code: "SCRIPT_NOT_EXECUTABLE", file: "flow.sh", line: 1, cure: /chmod \+x .*flow\.sh/ },
  },
  {
    fault: "step.sh without its bit",
    plant: (root, name) => chmodSync(join(flow(root, name), step), 0o644),
    ...{ code: "SCRIPT_NOT_EXECUTABLE", file: step, line: 1, cure: /chmod \+x .*a\/step\.sh/ },
  },
  {
    fault: "no shebang",
    plant: writing(step, "echo hello\n"),
    ...{ code: "SCRIPT_BAD_INTERPRETER", file: step, line: 1, cure: /#!\/usr\/bin\/env bash/ },
  },
  {
    fault: "a shebang with CRLF",
    plant: writing(step, "#!/bin/bash\r\necho hello\r\n"),
    ...{ code: "SCRIPT_BAD_INTERPRETER", file: step, line: 1, column: 12, cure: /sed -i/ },
  },
  {
    fault: "CRLF further down",
    plant: writing(step, "#!/bin/bash\necho hello\necho you\r\n"),
    ...{ code: "SCRIPT_LINE_ENDS", file: step, line: 3, column: 9, cure: /sed -i/ },
  },
  {
    fault: "a byte order mark",
    plant: writing("flow.sh", `\ufeff#!/bin/bash\n${fine}\n`),
    ...{ code: "SCRIPT_BAD_INTERPRETER", file: "flow.sh", line: 1, cure: /sed -i/ },
  },
  {
    fault: "an interpreter that does not exist",
    plant: writing(step, "#!/bin/bsah\necho hello\n"),
    ...{ code: "SCRIPT_BAD_INTERPRETER", file: step, line: 1, column: 3, cure: /#!\/usr\/bin\/env bash/ },
  },
  {
    fault: "an interpreter without its bit",
    plant: (root, name) => {
      writing("interp", "#!/bin/sh\n")(root, name);
      chmodSync(join(root, name, "interp"), 0o644);
      writeFileSync(join(root, name, step), `#!${join(root, name, "interp")}\n`);
    },
    ...{ code: "SCRIPT_BAD_INTERPRETER", file: step, line: 1, column: 3, cure: /run chmod \+x .*interp/ },
  },
  {
    fault: "env with two words",
    plant: writing(step, "#!/usr/bin/env bash -eu\necho hello\n"),
    ...{ code: "SCRIPT_BAD_INTERPRETER", file: step, line: 1, column: 16, cure: /env -S bash -eu/ },
  },
  {
    fault: "a program that is not in the PATH",
    plant: writing(step, "#!/usr/bin/env pythoon-9\nprint()\n"),
    ...{ code: "SCRIPT_BAD_INTERPRETER", file: step, line: 1, column: 16, cure: /Install pythoon-9/ },
  },
  {
    fault: "a step's directory without a script",
    plant: (root, name) => renameSync(join(flow(root, name), step), join(root, name, "steps/a/Step.sh")),
    ...{ code: "SCRIPT_NOT_FOUND", file: step, line: 1, cure: /mv .*Step\.sh .*step\.sh/ },
  },
  {
    fault: "a step's script in the wrong place",
    plant: (root, name) => writeFileSync(join(flow(root, name), "steps/c.sh"), "#!/bin/bash\n"),
    ...{ code: "SCRIPT_MISPLACED", file: "steps/c.sh", line: 1, cure: /mv .*c\.sh .*c\/step\.sh/ },
  },
  {
    fault: "a step with a dot in its name",
    plant: (root, name) => renameSync(join(flow(root, name), "steps/b"), join(root, name, "steps/b.2")),
    ...{ code: "INVALID_NAME", file: "steps/b.2", line: 1, cure: /Rename the directory/ },
  },
  {
    fault: "a link that leads outside",
    plant: (root, name) => {
      mkdirSync(join(flow(root, name), "steps/c"));
      symlinkSync("/bin/true", join(root, name, "steps/c/step.sh"));
    },
    ...{ code: "SCRIPT_OUTSIDE_FLOW", file: "steps/c/step.sh", line: 1, cure: /inside/ },
  },
  {
    fault: "steps without a flow.sh",
    plant: (root, name) => renameSync(join(flow(root, name), "flow.sh"), join(root, name, "flow")),
    ...{ code: "SCRIPT_NOT_FOUND", file: "flow.sh", line: 1, cure: /mv .*flow .*flow\.sh/ },
  },
  {
    fault: "a mistake in shell",
    plant: writing(step, "#!/bin/bash\nif true; then\n  echo yes\necho no; )\nfi\n"),
    ...{ code: "SCRIPT_SYNTAX", file: step, line: 4, cure: /here or above/ },
  },
  {
    fault: "a heredoc without an end",
    plant: writing(step, "#!/bin/bash\necho\ncat <<EOF\nhello\n EOF\n"),
    ...{ code: "SCRIPT_SYNTAX", file: step, line: 3, cure: /here or above/ },
  },
];

/** Faults of stage documents, which begin on the third line of `flow.sh`. */
const inStages: readonly Planted[] = [
  {
    fault: "a comma too few",
    plant: printing(`{\n  "stage": "s"\n  "steps": []\n}`),
    ...{ code: "INVALID_FLOW_OUTPUT", file: "flow.sh", line: 5, column: 3, cure: /JSON/ },
  },
  {
    fault: "a bracket too few",
    plant: printing(`{\n  "stage": "s",\n  "steps": [{"name": "a"}\n}`),
    ...{ code: "INVALID_FLOW_OUTPUT", file: "flow.sh", line: 6, column: 1, cure: /JSON/ },
  },
  {
    fault: "quotes within double quotes",
    plant: (root, name) => void flow(root, name, `echo "{"stage": "s", "steps": [{"name": "a"}]}"`),
    ...{ code: "INVALID_FLOW_OUTPUT", file: "flow.sh", line: 2, column: 9, cure: /single quotes/ },
  },
  {
    fault: "a document in single quotes",
    plant: (root, name) => void flow(root, name, `echo "{'stage': 's', 'steps': [{'name': 'a'}]}"`),
    ...{ code: "INVALID_FLOW_OUTPUT", file: "flow.sh", line: 2, column: 8, cure: /JSON/ },
  },
  {
    fault: "a misspelt key",
    plant: printing(`{"stage": "s", "steps": [\n  {"name": "a"},\n  {"name": "b", "dependson": ["a"]}]}`),
    ...{ code: "INVALID_STAGE", file: "flow.sh", line: 5, column: 17, cure: /Correct this value/ },
  },
  {
    fault: "a stage without a name",
    plant: printing(`{\n  "steps": [{"name": "a"}]\n}`),
    ...{ code: "INVALID_STAGE", file: "flow.sh", line: 3, cure: /Correct this value/ },
  },
  {
    fault: "a misspelt end",
    plant: printing(`{"fianl": true}`),
    ...{ code: "INVALID_STAGE", file: "flow.sh", line: 3, column: 2, cure: /Correct this value/ },
  },
  {
    fault: "a number in quotes",
    plant: printing(`{"stage": "s", "steps": [\n  {"name": "a", "instances": "8"}]}`),
    ...{ code: "INVALID_STAGE", file: "flow.sh", line: 4, column: 17, cure: /Correct this value/ },
  },
  {
    fault: "a step that there is not",
    plant: printing(`{"stage": "s", "steps": [\n  {"name": "a"},\n  {"name": "bb"}]}`),
    ...{ code: "SCRIPT_NOT_FOUND", file: "flow.sh", line: 5, column: 4, cure: /correct the name here/ },
  },
  {
    fault: "a dependency that there is not",
    plant: printing(
      `{"stage": "s", "steps": [\n  {"name": "a"},\n  {"name": "b", "dependsOn": ["a", "x"]}]}\nEOF\n# after each stage: {"stage": "none"}\ncat <<EOF`,
    ),
    ...{ code: "UNKNOWN_DEPENDENCY", file: "flow.sh", line: 5, column: 36, cure: /same stage/ },
  },
  {
    fault: "a circle",
    plant: printing(
      `{"stage": "s", "steps": [\n  {"name": "a", "dependsOn": ["b"]},\n  {"name": "b", "dependsOn": ["a"]}]}`,
    ),
    ...{ code: "DEPENDENCY_CYCLE", file: "flow.sh", line: 4, column: 31, cure: /Remove one/ },
  },
  {
    fault: "an id twice",
    plant: printing(`{"stage": "s", "steps": [\n  {"id": "x", "name": "a"},\n  {"id": "x", "name": "b"}]}`),
    ...{ code: "DUPLICATE_STEP", file: "flow.sh", line: 5, column: 3, cure: /id of its own/ },
  },
  {
    fault: "an id of another stage",
    plant: (root, name) =>
      void flow(
        root,
        name,
        `if [ -z "$MAXQ_COMPLETED_STAGE" ]; then\n  echo '{"stage": "s", "steps": [{"id": "x", "name": "a"}]}'\nelse\n  echo '{"stage": "t", "steps": [{"id": "x", "name": "b"}], "final": true}'\nfi`,
      ),
    ...{ code: "DUPLICATE_STEP", file: "flow.sh", line: 5, column: 35, cure: /id of its own/ },
  },
  {
    fault: "a dot in a stage's name, in an argument",
    plant: (root, name) =>
      void flow(root, name, `\necho "{\\"stage\\": \\"s.1\\", \\"steps\\": [{\\"name\\": \\"a\\"}]}"`),
    ...{ code: "INVALID_NAME", file: "flow.sh", line: 3, column: 9, cure: /letters, digits/ },
  },
  {
    fault: "a variable that is MaxQ's, in a request",
    plant: (root, name) =>
      void flow(
        root,
        name,
        `curl -fsS "$MAXQ_API/runs/$MAXQ_RUN_ID/steps" -d '{"stage": "s",\n  "steps": [{"name": "a", "env": {"MAXQ_INPUT": "x"}}]}'`,
      ),
    ...{ code: "INVALID_ENV", file: "flow.sh", line: 3, column: 35, cure: /refused/ },
  },
];

/** One flow each, named `planted-N`. */
export const planted: readonly Planted[] = [...inFiles, ...inStages];
