import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { ProcessEnd } from "@maxq/core";
import { expect } from "chai";
import { onBothLaunchers, type Workshop } from "../workshop.js";

onBothLaunchers("a script that cannot be started", (workshop) => {
  it("is told apart from one that exits with 127 by itself", async () => {
    workshop().script("a", "exit 127");
    expect((await workshop().start("a").ended).end).to.deep.equal({ reason: "exited", exitCode: 127 });
  });

  it("is missing", async () => {
    await expectNotStarted(
      workshop(),
      "missing",
      "SCRIPT_NOT_FOUND",
      /steps\/missing\/step\.sh does not exist: create it/,
    );
  });

  it("went missing after it had been found", async () => {
    const path = workshop().script("a", "exit 0");
    const gone = (): void => rmSync(path);
    await expectNotStarted(workshop(), "a", "SCRIPT_NOT_FOUND", /does not exist any more/, gone);
  });

  it("lost its whole directory after it had been found", async () => {
    const path = workshop().script("a", "exit 0");
    const gone = (): void => rmSync(join(path, ".."), { recursive: true });
    await expectNotStarted(workshop(), "a", "SCRIPT_NOT_FOUND", /directory of .* could not be entered/, gone);
  });

  it("is nobody's fault where the flows root is missing, and starts once that is there", async () => {
    workshop().script("a", "exit 3");
    const root = join(workshop().flow, "..");
    renameSync(root, `${root}.away`);
    for (const process of [workshop().start("a"), workshop().call()]) {
      const { end } = await process.ended;
      expect(end.reason).to.equal("unable");
      expect(end).to.have.property("message").that.includes(`There is no flows root ${root}`);
    }
    renameSync(`${root}.away`, root);
    expect((await workshop().start("a").ended).end).to.deep.equal({ reason: "exited", exitCode: 3 });
  });

  it("is not executable", async () => {
    workshop().script("a", "exit 0", 0o644);
    await expectNotStarted(workshop(), "a", "SCRIPT_NOT_EXECUTABLE", /run chmod \+x .*step\.sh/);
  });

  it("has no interpreter line", async () => {
    workshop().script("a", "\necho hello\n");
    await expectNotStarted(
      workshop(),
      "a",
      "SCRIPT_BAD_INTERPRETER",
      /put #!\/usr\/bin\/env bash on its first line/,
    );
  });

  it("names an interpreter that is not there", async () => {
    workshop().script("a", "#!/no/such/bash\nexit 0\n");
    await expectNotStarted(
      workshop(),
      "a",
      "SCRIPT_BAD_INTERPRETER",
      /interpreter "\/no\/such\/bash", which does not exist/,
    );
  });

  it("has Windows line ends", async () => {
    workshop().script("a", "#!/bin/bash\r\nexit 0\r\n");
    await expectNotStarted(workshop(), "a", "SCRIPT_BAD_INTERPRETER", /Windows line ends .*sed -i/);
  });

  it("names itself as its interpreter", async () => {
    const path = workshop().script("a", "");
    writeFileSync(path, `#!${path}\n`);
    await expectNotStarted(
      workshop(),
      "a",
      "SCRIPT_BAD_INTERPRETER",
      /step\.sh", which leads to itself.*ELOOP/,
    );
  });

  it("has a first line of which the kernel reads only a part", async () => {
    workshop().script("a", `#!${"/bin/sh".padStart(300, "/")}\nexit 0\n`);
    await expectNotStarted(workshop(), "a", "SCRIPT_BAD_INTERPRETER", /longer than the 255 bytes/);
  });

  it("is a directory", async () => {
    mkdirSync(join(workshop().flow, "steps/a/step.sh"), { recursive: true });
    await expectNotStarted(workshop(), "a", "SCRIPT_NOT_FOUND", /not a regular file/);
  });

  it("leads out of the flow's directory", async () => {
    writeFileSync(workshop().file("outside.sh"), "#!/bin/bash\n", { mode: 0o755 });
    mkdirSync(join(workshop().flow, "steps/a"), { recursive: true });
    symlinkSync(workshop().file("outside.sh"), join(workshop().flow, "steps/a/step.sh"));
    await expectNotStarted(workshop(), "a", "SCRIPT_OUTSIDE_FLOW", /outside the flow's directory/);
  });

  it("has more environment than the kernel takes", async () => {
    workshop().script("a", "exit 0");
    const { end } = await workshop().start("a", { env: { LARGE: "x".repeat(200_000) } }).ended;
    expect(end).to.include({ reason: "not_started", code: "SCRIPT_NOT_STARTED" });
    expect((end as NotStarted).message).to.match(/E2BIG.*hand data over in files/);
  });

  it("has a NUL in its environment", async () => {
    workshop().script("a", "exit 0");
    const { end } = await workshop().start("a", { env: { ODD: "a\0MAXQ_RUN_ID=b" } }).ended;
    expect(end).to.include({ reason: "not_started", code: "SCRIPT_NOT_STARTED" });
  });
});

type NotStarted = Extract<ProcessEnd, { reason: "not_started" }>;

async function expectNotStarted(
  workshop: Workshop,
  stepName: string,
  code: string,
  message: RegExp,
  onceFound: () => void = () => undefined,
): Promise<void> {
  const { ended } = workshop.start(stepName);
  // It was looked for; the launcher hears of it when this turn is over.
  onceFound();
  const { end, stdout } = await ended;
  expect(end).to.include({ reason: "not_started", code });
  expect((end as NotStarted).message).to.match(message);
  expect(stdout).to.deep.equal({ text: "", bytes: 0, truncated: false });
}
