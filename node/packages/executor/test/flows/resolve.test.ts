import { expect } from "chai";
import { execFileSync } from "node:child_process";
import { renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { FlowDirectory } from "../../src/index.js";
import { FlowsRoot } from "./flows-root.js";

describe("finding a script", () => {
  let root: FlowsRoot;
  let flows: FlowDirectory;
  beforeEach(() => {
    root = new FlowsRoot();
    flows = new FlowDirectory(root.path);
  });
  afterEach(() => root.remove());

  it("gives its path and the directory to run it in", () => {
    root.script("f/flow.sh");
    root.script("f/steps/a/step.sh");
    const flow = join(root.path, "f");
    expect(flows.flowScript("f")).to.deep.equal({ reason: "ok", path: join(flow, "flow.sh"), cwd: flow });
    const cwd = join(flow, "steps/a");
    expect(flows.stepScript("f", "a")).to.deep.equal({ reason: "ok", path: join(cwd, "step.sh"), cwd });
  });

  it("refuses names that could lead anywhere", () => {
    for (const name of ["", ".", "..", "../f", "a/b", "-f", "a b", "x".repeat(129), "a\0b", "a\n"]) {
      expect(flows.flowScript(name).reason, name).to.equal("bad_name");
      expect(flows.stepScript("f", name).reason, name).to.equal("bad_name");
    }
    expect(flows.stepScript("f", "a.b").reason).to.equal("bad_name");
    expect(flows.flowScript("a.b").reason).to.equal("flow_not_found");
  });

  describe("that was found a moment ago", () => {
    /** In one step, as a deployment does; starts within the same ms need not see it. */
    const relink = async (name: string, target: string): Promise<void> => {
      root.link(`${name}.new`, target);
      renameSync(join(root.path, `${name}.new`), join(root.path, name));
      await delay(2);
    };

    it("goes where a link of the flow leads now", async () => {
      for (const release of ["1", "2"]) root.script(`releases/${release}/steps/a/step.sh`);
      root.link("f", "releases/1");
      const cwd = (release: string): string => join(root.path, "releases", release, "steps/a");
      expect(flows.stepScript("f", "a")).to.have.property("cwd", cwd("1"));
      await relink("f", "releases/2");
      expect(flows.stepScript("f", "a")).to.have.property("cwd", cwd("2"));
    });

    it("is refused once a link leads out of the flow", async () => {
      root.script("f/steps/a/step.sh");
      root.script("other/step.sh");
      expect(flows.stepScript("f", "a")).to.have.property("reason", "ok");
      await relink("f/steps/a/step.sh", "../../../other/step.sh");
      expect(flows.stepScript("f", "a")).to.have.property("reason", "outside");
    });
  });

  it("follows links inside the flow, and runs in the step's own directory", () => {
    root.script("f/flow.sh");
    root.script("f/common/step.sh");
    root.link("f/steps/a/step.sh", "../../common/step.sh");
    root.link("f/steps/b", "a");
    const cwd = join(root.path, "f/steps/a");
    expect(flows.stepScript("f", "a")).to.deep.equal({ reason: "ok", path: join(cwd, "step.sh"), cwd });
    expect(flows.stepScript("f", "b")).to.deep.equal({ reason: "ok", path: join(cwd, "step.sh"), cwd });
  });

  it("refuses links that leave the flow, into a flow whose name begins alike, too", () => {
    root.script("f/flow.sh");
    root.script("f-other/step.sh");
    root.link("f/steps/a/step.sh", "../../../f-other/step.sh");
    root.link("f/steps/b", "../../f-other");
    root.link("f/steps/c/step.sh", "/bin/true");
    for (const step of ["a", "b", "c"]) expect(flows.stepScript("f", step).reason).to.equal("outside");
  });

  it("refuses a flow that is a link out of the root, and takes one that is a link within it", () => {
    root.script("f/flow.sh");
    root.script("../elsewhere/flow.sh");
    root.link("inside", "f");
    root.link("outside", "../elsewhere");
    expect(flows.flowScript("inside").reason).to.equal("ok");
    expect(flows.flowScript("outside").reason).to.equal("outside");
  });

  it("says what is wrong with what is not there, no file, or not executable", () => {
    root.script("f/flow.sh", "#!/bin/bash\n", 0o644);
    root.directory("f/steps/directory/step.sh");
    root.link("f/steps/dangling/step.sh", "nowhere");
    root.link("f/steps/loop", "loop");
    expect(flows.flowScript("f").reason).to.equal("not_executable");
    for (const step of ["missing", "directory", "dangling", "loop"]) {
      expect(flows.stepScript("f", step).reason, step).to.equal("not_found");
    }
    expect(flows.flowScript("g").reason).to.equal("flow_not_found");
  });

  it("notices at once when something bad is put right", () => {
    root.script("f/flow.sh", "#!/bin/bash\n", 0o644);
    expect(flows.flowScript("f").reason).to.equal("not_executable");
    root.script("f/flow.sh");
    expect(flows.flowScript("f").reason).to.equal("ok");
  });

  it("gives the command that puts it right as the shell takes it, whatever the flows root is called", async () => {
    const awkward = "it's a $root";
    flows = new FlowDirectory(join(root.path, awkward));
    root.script(`${awkward}/f/flow.sh`, "#!/bin/bash\r\n", 0o644);
    for (const command of [/run (chmod \+x .*)$/, /convert it with (sed -i .*)$/]) {
      const found = await flows.describe("f");
      const [line = ""] = found!.problems.flatMap(({ message }) => command.exec(message)?.[1] ?? []);
      execFileSync("sh", ["-c", line]);
    }
    expect((await flows.describe("f"))!.problems).to.deep.equal([]);
  });

  it("checks all steps of a stage at once", () => {
    root.script("f/flow.sh");
    root.script("f/steps/a/step.sh");
    const problems = flows.stepProblems("f", ["a", "b", "a", "b", "c"]);
    expect(problems.map(({ stepName, problem }) => [stepName, problem.reason])).to.deep.equal([
      ["b", "not_found"],
      ["c", "not_found"],
    ]);
  });

  it("answers in core's terms", async () => {
    root.script("f/flow.sh", "#!/bin/bash\n", 0o644);
    root.link("out", "..");
    expect(await flows.checkFlow("f")).to.equal(null);
    expect(await flows.checkFlow("g")).to.include({ code: "FLOW_NOT_FOUND" });
    expect(await flows.checkFlow("out")).to.include({ code: "FLOW_NOT_FOUND" });
    expect(await flows.checkFlow("../f")).to.include({ code: "INVALID_NAME" });
    root.script("f/steps/a/step.sh");
    expect(await flows.checkSteps("f", ["a", "a"])).to.equal(null);
    expect(await flows.checkSteps("f", ["a", "b"])).to.include({ code: "SCRIPT_NOT_FOUND" });
  });

  it("knows nothing of flows below a root that is missing, or a link that leads nowhere", async () => {
    const link = join(root.base, "link");
    symlinkSync("unmounted", link);
    for (const missing of [join(root.base, "unmounted"), link]) {
      const unmounted = new FlowDirectory(missing);
      expect(await unmounted.checkFlow("f")).to.include({ code: "UNAVAILABLE" });
      expect(await unmounted.checkSteps("f", ["a"])).to.equal(null);
    }
  });
});
