import { expect } from "chai";
import { FlowDirectory } from "../../src/index.js";
import { FlowsRoot } from "./flows-root.js";

describe("describing flows", () => {
  let root: FlowsRoot;
  let flows: FlowDirectory;
  beforeEach(() => {
    root = new FlowsRoot();
    flows = new FlowDirectory(root.path);
  });
  afterEach(() => root.remove());

  it("lists the directories that hold a flow.sh", async () => {
    root.script("b/flow.sh");
    root.script("a.1/flow.sh", "", 0o644);
    root.script(".hidden/flow.sh");
    root.script("not a name/flow.sh");
    root.script("file");
    root.directory("empty");
    root.link("linked", "b");
    expect((await flows.list()).map(({ name }) => name)).to.deep.equal(["a.1", "b", "linked"]);
  });

  it("lists nothing where there is no root", async () => {
    expect(await new FlowDirectory("/nowhere/at/all").list()).to.deep.equal([]);
    expect(await new FlowDirectory("/nowhere/at/all").describe("f")).to.equal(null);
  });

  it("reads the title and the description from the first comments", async () => {
    const text =
      "#!/usr/bin/env bash\n\n# title: Nightly build \n#Description:  All of it\n# title: later\nset -eu\n";
    root.script("f/flow.sh", text);
    root.script("g/flow.sh", "#!/bin/bash\nset -eu\n# title: too late\n");
    expect(await flows.describe("f")).to.include({
      name: "f",
      title: "Nightly build",
      description: "All of it",
    });
    expect(await flows.describe("g")).to.include({ title: null, description: null });
  });

  it("reads a title of many blanks once, and no title far down", async function () {
    this.timeout(60_000);
    const blanks = " ".repeat(60_000);
    for (const text of [`# title:${blanks}x\ry`, `# title${blanks}x`, `#${blanks}x`, `# title:${blanks}`]) {
      root.script("f/flow.sh", `#!/bin/bash\n${text}\n# title: Nightly build\n`);
      expect(await flows.describe("f")).to.include({ title: "Nightly build" });
    }
    root.script("f/flow.sh", `#!/bin/bash\n# title:${blanks}x${blanks}\n# description: too late\n`);
    expect(await flows.describe("f")).to.include({ title: "x", description: null });
  });

  it("finds no fault with a good flow", async () => {
    root.script("f/flow.sh");
    root.script("f/steps/b/step.sh", "#!/usr/bin/python3\n");
    root.script("f/steps/a/step.sh", "\x7fELF…");
    root.script("f/steps/README.md", "words", 0o644);
    const flow = await flows.describe("f");
    expect(flow!.steps).to.deep.equal(["a", "b"]);
    expect(flow!.problems).to.deep.equal([]);
  });

  it("finds everything that will keep a script from running", async () => {
    root.directory("f");
    root.script("f/steps/bit/step.sh", "#!/bin/bash\n", 0o644);
    root.directory("f/steps/missing");
    root.script("f/steps/plain/step.sh", "echo\n");
    root.script("f/steps/crlf/step.sh", "#!/bin/bash\r\necho\r\n");
    root.link("f/steps/link/step.sh", "/bin/true");
    const problems = (await flows.describe("f"))!.problems.map(({ file, code }) => `${file}: ${code}`);
    expect(problems).to.deep.equal([
      "flow.sh: SCRIPT_NOT_FOUND",
      "steps/bit/step.sh: SCRIPT_NOT_EXECUTABLE",
      "steps/crlf/step.sh: SCRIPT_BAD_INTERPRETER",
      "steps/link/step.sh: SCRIPT_OUTSIDE_FLOW",
      "steps/missing/step.sh: SCRIPT_NOT_FOUND",
      "steps/plain/step.sh: SCRIPT_BAD_INTERPRETER",
    ]);
  });

  it("has a hash that changes with every script, and with nothing else", async () => {
    root.script("f/flow.sh");
    root.script("f/steps/a/step.sh");
    const hash = async (): Promise<string> => (await flows.describe("f"))!.sourceHash;
    const first = await hash();
    expect(first).to.match(/^[0-9a-f]{64}$/);
    root.script("f/notes.txt", "words");
    expect(await hash()).to.equal(first);
    root.script("f/steps/a/step.sh", "#!/bin/bash\n:\n");
    const second = await hash();
    expect(second).not.to.equal(first);
    root.script("f/steps/b/step.sh");
    expect(await hash()).not.to.equal(second);
  });

  it("says that a flow is a link out of the root, without reading it", async () => {
    root.script("../elsewhere/flow.sh", "#!/bin/bash\n# title: secret\n");
    root.link("f", "../elsewhere");
    const flow = await flows.describe("f");
    expect(flow).to.include({ title: null });
    expect(flow!.problems.map(({ code }) => code)).to.deep.equal(["SCRIPT_OUTSIDE_FLOW"]);
  });
});
