import { existsSync, statSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { readPage, type Page } from "../page/page.js";

/** One line for each link of the pages that leads to no file below the root, or to a heading that its page has not. Other sites are not asked. */
export function deadLinks(pages: readonly Page[], root: string): string[] {
  return pages.flatMap((page) =>
    page.links.flatMap(({ text, line }) => {
      const fault = /^[a-z]+:/.test(text) ? null : faultOf(page, text, root);
      return fault === null ? [] : [`${page.name}:${line}: the link ${text} is dead: ${fault}`];
    }),
  );
}

function faultOf(page: Page, link: string, root: string): string | null {
  const [path = "", anchor] = link.split("#");
  const file = path === "" ? page.file : resolve(join(dirname(page.file), path));
  if (relative(root, file).startsWith("..")) return "it leads out of the repository.";
  if (!existsSync(file)) return `there is no ${relative(root, file)}.`;
  if (anchor === undefined) return null;
  const { anchors } = statSync(file).isFile() ? readPage(file, root) : page;
  return anchors.has(anchor)
    ? null
    : `${relative(root, file)} has no heading #${anchor}, only ${[...anchors].map((each) => `#${each}`).join(", ")}.`;
}
