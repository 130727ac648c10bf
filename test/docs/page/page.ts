import GithubSlugger from "github-slugger";
import type { Nodes } from "mdast";
import { fromMarkdown } from "mdast-util-from-markdown";
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { readFence, type Fence } from "./fence.js";

/** A piece of a page's text and the line that it begins in, from 1. */
export interface Piece {
  readonly text: string;
  readonly line: number;
}

/** A page of the documentation, taken apart. */
export interface Page {
  /** From the root of what is documented: `docs/cli.md`. */
  readonly name: string;
  readonly file: string;
  readonly text: string;
  /** Its fenced examples, in order. */
  readonly fences: readonly Fence[];
  /** What stands `in backticks`. */
  readonly codes: readonly Piece[];
  /** Where its links and pictures lead. */
  readonly links: readonly Piece[];
  /** Of its headings, as GitHub makes them, and those that it gives itself. */
  readonly anchors: ReadonlySet<string>;
}

/** Reads a page. Throws, with page and line, where a fence says something that no rule knows. */
export function readPage(file: string, root: string): Page {
  const text = readFileSync(file, "utf8");
  const name = relative(root, file);
  const page = { fences: [] as Fence[], codes: [] as Piece[], links: [] as Piece[] };
  const anchors = new Set<string>();
  const slugger = new GithubSlugger();
  const visit = (node: Nodes): void => {
    const line = node.position?.start.line ?? 0;
    if (node.type === "code") {
      const before = text.split("\n").slice(Math.max(0, line - 4), line - 1);
      page.fences.push(readFence(node, { page: name, line, before: before.join("\n") }));
    }
    if (node.type === "inlineCode") page.codes.push({ text: node.value, line });
    if (node.type === "link" || node.type === "image" || node.type === "definition")
      page.links.push({ text: node.url, line });
    if (node.type === "html") for (const [, id] of node.value.matchAll(/\bid="([^"]+)"/g)) anchors.add(id!);
    if (node.type === "heading") anchors.add(slugger.slug(plain(node)));
    if ("children" in node) node.children.forEach(visit);
  };
  visit(fromMarkdown(text));
  return { ...page, name, file, text, anchors };
}

/** The text of a node without its marks. */
function plain(node: Nodes): string {
  if ("value" in node) return node.value;
  return "children" in node ? node.children.map(plain).join("") : "";
}
