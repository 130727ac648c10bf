/** Every mistake in a flow ends its run with a code and a cure; nothing hangs. */
import { expect } from "chai";
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Flows } from "../system/flows.js";
import { onEachDatabase } from "../system/databases.js";

interface Mistake {
  readonly what: string;
  readonly code: string;
  /** A closer code in the details, where the code only says what the run failed of. */
  readonly cause?: string;
  /** What the message must say. */
  readonly says: RegExp;
  /** Makes the flow of that name. */
  readonly make: (flows: Flows, name: string) => void;
}

const good = { it: ":", other: ":" };
const prints = (text: string) => (flows: Flows, name: string) => {
  flows.file(join(name, "output.txt"), text);
  flows.add(name, "cat output.txt", good);
};
const stage = (...steps: object[]) => prints(JSON.stringify({ stage: "s", steps, final: true }));

/** A flow whose file at `path` is `text` with these permission bits. */
const file = (path: string, text: string, mode: number) => (flows: Flows, name: string) => {
  flows.stage(name, { stage: "s", steps: [{ name: "it" }], final: true }, good);
  rmSync(join(flows.root, name, path));
  flows.file(join(name, path), text, mode);
};

const step = "steps/it/step.sh";
const mistakes: Mistake[] = [
  {
    what: "flow.sh prints nonsense",
    code: "INVALID_FLOW_OUTPUT",
    says: /position|line|offset|column/i,
    make: prints("{this is no JSON}\n"),
  },
  {
    what: "flow.sh prints half a document",
    code: "INVALID_FLOW_OUTPUT",
    says: /position|line|offset|column|end/i,
    make: prints('{"stage": "s", "steps": [\n'),
  },
  {
    what: "flow.sh prints a document without its stage",
    code: "INVALID_FLOW_OUTPUT",
    cause: "INVALID_STAGE",
    says: /`stage` is missing/,
    make: prints('{"steps": [{"name": "it"}]}\n'),
  },
  {
    what: "flow.sh exits 3",
    code: "FLOW_FAILED",
    says: /3/,
    make: (flows, name) => flows.add(name, "echo because >&2; exit 3"),
  },
  {
    what: "flow.sh is missing",
    code: "SCRIPT_NOT_FOUND",
    says: /flow\.sh does not exist: create it/,
    make: (flows, name) => mkdirSync(join(flows.root, name)),
  },
  {
    what: "flow.sh lacks the execute bit",
    code: "SCRIPT_NOT_EXECUTABLE",
    says: /chmod \+x/,
    make: file("flow.sh", "#!/bin/sh\n", 0o644),
  },
  {
    what: "flow.sh lacks a first line",
    code: "SCRIPT_BAD_INTERPRETER",
    says: /#!/,
    make: file("flow.sh", "echo\n", 0o755),
  },
  {
    what: "flow.sh has CRLF line ends",
    code: "SCRIPT_BAD_INTERPRETER",
    says: /CRLF/,
    make: file("flow.sh", "#!/bin/sh\r\necho\r\n", 0o755),
  },
  {
    what: "flow.sh has an interpreter that is not there",
    code: "SCRIPT_BAD_INTERPRETER",
    says: /\/no\/such/,
    make: file("flow.sh", "#!/no/such/shell\n", 0o755),
  },
  {
    what: "a step.sh is missing",
    code: "SCRIPT_NOT_FOUND",
    says: /steps\/nowhere\/step\.sh/,
    make: stage({ name: "nowhere" }),
  },
  {
    what: "a step.sh lacks the execute bit",
    code: "SCRIPT_NOT_EXECUTABLE",
    says: /chmod \+x/,
    make: file(step, "#!/bin/sh\n", 0o644),
  },
  {
    what: "a step.sh lacks a first line",
    code: "SCRIPT_BAD_INTERPRETER",
    says: /#!/,
    make: file(step, "echo\n", 0o755),
  },
  {
    what: "a step.sh has CRLF line ends",
    code: "SCRIPT_BAD_INTERPRETER",
    says: /CRLF/,
    make: file(step, "#!/bin/sh\r\necho\r\n", 0o755),
  },
  {
    what: "a step is called ../../x",
    code: "INVALID_FLOW_OUTPUT",
    cause: "INVALID_NAME",
    says: /letters, digits/,
    make: stage({ name: "../../x" }),
  },
  { what: "a step.sh is a link out of the flow", code: "SCRIPT_OUTSIDE_FLOW", says: /outside/, make: link },
  {
    what: "steps wait for each other",
    code: "DEPENDENCY_CYCLE",
    says: /it → other → it/,
    make: stage({ name: "it", dependsOn: ["other"] }, { name: "other", dependsOn: ["it"] }),
  },
  {
    what: "a step waits for itself",
    code: "DEPENDENCY_CYCLE",
    says: /it → it/,
    make: stage({ name: "it", dependsOn: ["it"] }),
  },
  {
    what: "a step waits for something unknown",
    code: "UNKNOWN_DEPENDENCY",
    says: /nobody/,
    make: stage({ name: "it", dependsOn: ["nobody"] }),
  },
  {
    what: "two steps have one id",
    code: "DUPLICATE_STEP",
    says: /"same"/,
    make: stage({ id: "same", name: "it" }, { id: "same", name: "other" }),
  },
  {
    what: "two steps of one name have no ids",
    code: "DUPLICATE_STEP",
    says: /instances/,
    make: stage({ name: "it" }, { name: "it" }),
  },
  {
    what: "a variable is called PATH;x",
    code: "INVALID_FLOW_OUTPUT",
    cause: "INVALID_ENV",
    says: /PATH;x/,
    make: stage({ name: "it", env: { "PATH;x": "1" } }),
  },
  {
    what: "a variable is called LD_PRELOAD",
    code: "INVALID_FLOW_OUTPUT",
    cause: "INVALID_ENV",
    says: /reserved/,
    make: stage({ name: "it", env: { LD_PRELOAD: "x" } }),
  },
  {
    what: "a key is misspelt",
    code: "INVALID_FLOW_OUTPUT",
    cause: "INVALID_STAGE",
    says: /maxRetries/,
    make: stage({ name: "it", maxRetry: 1 }),
  },
];

function link(flows: Flows, name: string): void {
  flows.stage(name, { stage: "s", steps: [{ name: "it" }], final: true });
  const outside = join(dirname(flows.root), `outside-${name}.sh`);
  writeFileSync(outside, "#!/bin/sh\n", { mode: 0o755 });
  mkdirSync(join(flows.root, name, "steps/it"), { recursive: true });
  symlinkSync(outside, join(flows.root, name, step));
}

onEachDatabase("mistakes in flows", {}, (system) => {
  for (const [index, { what, code, cause, says, make }] of mistakes.entries()) {
    it(`${what}: the run fails with ${cause ?? code} and says what to do`, async () => {
      const { api } = system.server;
      const name = `mistake-${index}`;
      make(system.flows, name);
      const run = await api.runToEnd(name);
      expect(run.status).to.equal("failed");
      const story = JSON.stringify(run.error);
      expect(run.error.code, story).to.equal(code);
      if (cause !== undefined) expect(run.error.details.cause, story).to.equal(cause);
      expect(run.error.message, story).to.match(says);
      expect(await api.steps(run.id, "&status=running,pending")).to.deep.equal([]);
    });
  }

  it("a flow.sh that exits non-zero shows its exit code and the end of its stderr", async () => {
    const { api } = system.server;
    const run = await api.runToEnd(system.flows.add("exits-3", "echo the reason >&2; exit 3"));
    expect(run.error.details).to.include({ exitCode: 3 });
    expect(JSON.stringify(run.error)).to.include("the reason");
  });

  it("a flow that does not exist is not triggered", async () => {
    const { api } = system.server;
    const answer = await api.post("/flows/no-such-flow/runs", {});
    expect([answer.status, answer.body.code]).to.deep.equal([404, "FLOW_NOT_FOUND"]);
    expect(answer.body.error).to.include("flow.sh");
  });

  it("nonsense without a brace is log: the flow has scheduled nothing and completes", async () => {
    const { api } = system.server;
    const run = await api.runToEnd(system.flows.add("talks", "echo hello there"));
    expect(run.status, JSON.stringify(run.error)).to.equal("completed");
  });
});
