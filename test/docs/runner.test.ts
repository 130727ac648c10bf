/** The test of the documentation finds what is broken, and says where and what. Small pages stand in for real ones. */
import { aFolder } from "@maxq/test-kit";
import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { checkShown } from "./example/check-shown.js";
import { firstDifference } from "./example/first-difference.js";
import { runPage } from "./example/run-page.js";
import { whyNotRun } from "./example/why-not-run.js";
import { readPage, type Page } from "./page/page.js";
import { unknownCommands } from "./reference/commands.js";
import { deadLinks } from "./reference/links.js";
import { unknownRoutes } from "./reference/routes.js";
import { unknownScripts } from "./reference/scripts.js";
import { unknownSettings } from "./reference/settings.js";

const root = aFolder("broken-docs");

/** A page with a heading in its first line and this from its third line on. */
function aPage(...lines: string[]): Page {
  const file = join(root, "page.md");
  writeFileSync(file, ["# A page", "", ...lines, ""].join("\n"));
  return readPage(file, root);
}

/** What is said about a page whose examples do not hold; fails if nothing is. */
async function saidOf(...lines: string[]): Promise<string> {
  try {
    const page = aPage(...lines);
    await checkShown(page);
    for (const fence of page.fences) await whyNotRun(fence);
    await runPage(page, () => true);
  } catch (error) {
    return (error as Error).message;
  }
  return expect.fail("nothing was found");
}

describe("the test of the documentation", () => {
  it("passes a page that holds: files, a server, what is printed, an exit code", async () => {
    const page = aPage(
      "The flow is `flows/hello/flow.sh`:",
      "",
      "```bash title=flows/hello/flow.sh",
      "#!/bin/bash",
      "echo '{\"final\": true}'",
      "```",
      "",
      "```bash",
      "chmod +x flows/hello/flow.sh",
      "name=hello",
      "```",
      "",
      "```bash server",
      "maxq",
      "```",
      "",
      "```bash",
      'curl -d \'{"flowName": "hello"}\' -H "Content-Type: application/json" http://127.0.0.1:3000/api/v1/runs > run.json',
      "maxq show last --watch",
      "echo $name",
      "```",
      "",
      "```console",
      "✔ hello completed in … ms",
      "hel…",
      "```",
      "",
      "```bash exit=2",
      "maxq nonsense",
      "```",
    );
    await checkShown(page);
    await runPage(page, () => true);
  });

  it("names page, line and command of an example that fails, and what it printed", async () => {
    const said = await saidOf("```bash", "true", "name=lost", 'ls "$name"', "```");
    expect(said).to.match(
      /^page\.md:6: `ls "\$name"` ended with exit code 2, expected 0\. It printed:\nls: .*lost/,
    );
  });

  it("says what came and what was expected where an example prints something else", async () => {
    const said = await saidOf(
      "```bash",
      "echo one; echo two",
      "```",
      "",
      "```console",
      "one",
      "three",
      "```",
    );
    expect(said).to.match(
      /^page\.md:9: `echo one; echo two` printed\n {2}two\nand the page says\n {2}three\n/,
    );
  });

  it("notices a request that the server refuses", async () => {
    const said = await saidOf(
      "```bash server",
      "maxq --flows .",
      "```",
      "",
      "```bash",
      "curl http://127.0.0.1:3000/api/v1/runs/1",
      "```",
    );
    expect(said).to.match(/^page\.md:8: `curl \S+` ended with exit code 22, expected 0/);
  });

  it("notices a server that does not start", async () => {
    const said = await saidOf("```bash server", "maxq --lease-ms never", "```");
    expect(said).to.match(/^page\.md:4: `its server, which was not ready`.*--lease-ms/s);
  });

  it("starts a server in another's place when that one has drained", async () => {
    const page = aPage(
      "```bash title=drains.sh",
      "touch serving",
      "trap 'sleep 0.3; rm serving; exit' TERM",
      "echo MaxQ 0.0 serves",
      "while :; do sleep 0.05; done",
      "```",
      "",
      "```bash server",
      "bash drains.sh",
      "```",
      "",
      "```bash server",
      "[ ! -e serving ]",
      "bash drains.sh",
      "```",
    );
    await runPage(page, () => true);
  });

  it("notices another exit code than the page says", async () => {
    expect(await saidOf("```bash exit=3", "(exit 4)", "```")).to.match(
      /^page\.md:3: .* exit code 4, expected 3/s,
    );
  });

  it("notices what cannot be read: bash, JSON, a stage, YAML, SQL, a unit, a mark", async () => {
    const cases: [string, string, RegExp][] = [
      ["bash", "if true; then", /bash cannot read it: .*unexpected end/],
      ["json", '{"a": }', /JSON/],
      ["json schema=stage", '{"stage": "s", "stepz": []}', /stepz/],
      ["yaml", "a: [", /flow sequence/i],
      ["sql", "select nothing from run", /PostgreSQL says: column "nothing" does not exist/],
      ["ini", "[Unit]\nwhat is this", /neither a section.*what is this/],
      ["bash norun=x", "true", /nobody knows what "norun=x"/],
      ["ruby", "1", /no rule says how an example in "ruby" is checked/],
      ["text", "drawing", /needs a reason/],
      ["console", "one", /follows what prints it/],
      ["bash run-by=test/none.test.ts", "true", /there is no test test\/none\.test\.ts/],
      ["bash title=flows/other/flow.sh", "true", /does not say that this is flows\/other\/flow\.sh/],
    ];
    for (const [mark, text, wanted] of cases) {
      const said = await saidOf("```" + mark, ...text.split("\n"), "```");
      expect(said, mark).to.match(/^page\.md:3: /);
      expect(said, mark).to.match(wanted);
    }
  });

  it("finds dead links, and settings, commands, options, routes and scripts that there are not", () => {
    const page = aPage(
      "[gone](gone.md), [no heading](#nowhere), [out](../../etc/passwd), [fine](#a-page)",
      "",
      "`MAXQ_PROT`, `MAXQ_PORT`, `maxq strat`, `maxq run x --wacth`, `maxq run x --watch`,",
      "`GET /runz`, `GET /runs`, `./scripts/none.sh`, `./scripts/build.sh`, `npm run none`, `npm run build`",
    );
    expect(deadLinks([page], root).map((line) => line.split(":").slice(0, 3).join(":"))).to.deep.equal([
      "page.md:3: the link gone.md is dead",
      "page.md:3: the link #nowhere is dead",
      "page.md:3: the link ../../etc/passwd is dead",
    ]);
    expect(unknownSettings([page])).to.deep.equal(["page.md:5: nothing reads MAXQ_PROT."]);
    expect(unknownCommands([page])).to.deep.equal([
      "page.md:5: maxq strat: there is no command strat.",
      "page.md:5: maxq run x --wacth: there is no option --wacth.",
    ]);
    expect(unknownRoutes([page])).to.deep.equal(["page.md:6: there is no route GET /runz."]);
    expect(unknownScripts([page])).to.deep.equal([
      "page.md:6: there is no ./scripts/none.sh.",
      "page.md:6: there is no npm run none.",
    ]);
  });

  it("lets … stand for any text in a line, and for any lines", () => {
    expect(firstDifference("a … c\n…\nz", "a b c\n1\n2\nz\n")).to.equal(null);
    expect(firstDifference("…\nz\n…", "z")).to.equal(null);
    expect(firstDifference("a.c", "abc")).to.deep.equal({ line: 1, expected: "a.c", came: "abc" });
    expect(firstDifference("a", "a\nb")).to.deep.equal({ line: 2, expected: "nothing more", came: "b" });
  });
});
