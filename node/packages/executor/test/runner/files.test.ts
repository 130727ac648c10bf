import { renameSync, rmSync, symlinkSync } from "node:fs";
import type { ScriptProcess } from "@maxq/core";
import { expect } from "chai";
import { onNativeLauncher, type Workshop } from "../workshop.js";

onNativeLauncher("the folders of inputs and outputs", (workshop) => {
  for (const [what, command] of [
    ["removed", ":"],
    ["replaced by a file", 'touch "$d"'],
    ["replaced by a link to nowhere", 'ln -s /nonexistent/x "$d"'],
  ] as const)
    it(`that a script ${what} are made again, for its run and for others`, async () => {
      for (const variable of ["MAXQ_OUTPUT", "MAXQ_INPUT"]) {
        workshop().script("sabotage", `d=$(dirname "$${variable}"); rm -r "$d"; ${command}`);
        workshop().script("a", 'cat "$MAXQ_INPUT" > "$MAXQ_OUTPUT"');
        await workshop().start("sabotage", { runId: "known" }).ended;
        for (const runId of ["known", variable])
          expect(await outputOf(workshop().start("a", { runId }))).to.equal("{}");
      }
    });

  it("that cannot be looked into are this machine's affair, and no fault of a run's", async () => {
    workshop().script("a", 'echo a=1 > "$MAXQ_OUTPUT"');
    await workshop().start("a", { runId: "known" }).ended;
    await workshop().start("a", { runId: "forgotten" }).ended;
    await withoutFolder(workshop(), async () => {
      await expectUnable(workshop().start("a", { runId: "known" }), /could not be written/);
      await expectUnable(workshop().start("a", { runId: "new" }), /could not be written/);
      workshop().runner.forgetRun("forgotten");
    });
    for (const runId of ["known", "new", "forgotten"])
      expect(await outputOf(workshop().start("a", { runId }))).to.equal("a=1\n");
  });

  it("may go while the input of a run that is forgotten is on its way", async () => {
    workshop().script("a", 'cat "$MAXQ_INPUT" > "$MAXQ_OUTPUT"');
    const running = workshop().start("a", { runId: "forgotten" });
    workshop().runner.forgetRun("forgotten");
    await withoutFolder(workshop(), () => expectUnable(running, /could not be written/));
    expect(await outputOf(workshop().start("a", { runId: "forgotten" }))).to.equal("{}");
  });
});

/** Does something while the folder leads to itself: nothing in it can be seen or made, by root either. */
async function withoutFolder({ workDir }: Workshop, something: () => Promise<void>): Promise<void> {
  renameSync(workDir, `${workDir}.away`);
  symlinkSync(workDir, workDir);
  await something();
  rmSync(workDir);
  renameSync(`${workDir}.away`, workDir);
}

async function expectUnable(script: ScriptProcess, message: RegExp): Promise<void> {
  const { end } = await script.ended;
  expect(end.reason).to.equal("unable");
  expect(end).to.have.property("message").that.matches(message);
}

async function outputOf(script: ScriptProcess): Promise<string | undefined> {
  return (await script.ended).output?.text;
}
