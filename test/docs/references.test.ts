/** What the documentation names is there, and what is there is in the documentation. */
import { allRoutes } from "@maxq/http";
import { expect } from "chai";
import { join } from "node:path";
import { pageNames, root, thePage } from "./page/all-pages.js";
import { readPage } from "./page/page.js";
import { commandNames, unknownCommands } from "./reference/commands.js";
import { deadLinks } from "./reference/links.js";
import { unknownRoutes } from "./reference/routes.js";
import { scriptNames, unknownScripts } from "./reference/scripts.js";
import { settingNames, unknownSettings } from "./reference/settings.js";

/** `build` of package.json is `./scripts/build.sh`. */
const ALSO_KNOWN_AS = ["build", "start", "test", "lint", "format", "package"];

describe("what the documentation names", () => {
  const pages = pageNames().map(thePage);
  const text = pages.map((page) => page.text).join("\n");
  const missing = (names: readonly string[], where = text) =>
    names.filter((name) => !new RegExp(`(?<![\\w-])${name}(?![\\w-])`).test(where));

  it("has no dead link", () => {
    const changelog = readPage(join(root, "CHANGELOG.md"), root);
    expect(deadLinks([...pages, changelog], root)).to.deep.equal([]);
  });

  it("has every page within reach of the README", () => {
    const index = thePage("docs/README.md");
    const reached = new Set(
      [thePage("README.md"), index].flatMap((page) =>
        page.links.map((link) => join(page.name, "..", link.text.split("#")[0]!)),
      ),
    );
    const decisions = (name: string) => name.startsWith("docs/decisions/") && reached.has("docs/decisions");
    expect(
      pageNames().filter((name) => name !== "README.md" && !reached.has(name) && !decisions(name)),
    ).to.deep.equal([]);
  });

  it("names only commands and options that there are, and all commands", () => {
    expect(unknownCommands(pages)).to.deep.equal([]);
    const spans = thePage("docs/cli.md").codes.map(({ text }) => text.replace(/^maxq /, "").split(/[ |]/)[0]);
    expect(commandNames.filter((name) => !spans.includes(name))).to.deep.equal([]);
  });

  it("names only settings that there are, and all settings", () => {
    expect(unknownSettings(pages)).to.deep.equal([]);
    expect(missing(settingNames)).to.deep.equal([]);
  });

  it("names only requests that there are, and the specification has all of them", () => {
    expect(unknownRoutes(pages)).to.deep.equal([]);
    expect(allRoutes.length).to.be.greaterThan(20);
  });

  it("names only scripts and npm commands that there are, and all of them", () => {
    expect(unknownScripts(pages)).to.deep.equal([]);
    expect(missing(scriptNames.filter((name) => !ALSO_KNOWN_AS.includes(name)))).to.deep.equal([]);
  });
});
