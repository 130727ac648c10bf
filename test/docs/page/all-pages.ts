import { readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { readPage, type Page } from "./page.js";

/** The checkout. */
export const root = resolve(import.meta.dirname, "../../..");

/** The names of README.md and all pages of docs/, from the root. */
export function pageNames(): string[] {
  const inDocs = readdirSync(join(root, "docs"), { recursive: true, encoding: "utf8" });
  const pages = inDocs.filter((name) => name.endsWith(".md")).toSorted();
  return ["README.md", ...pages.map((name) => `docs/${name}`)];
}

/** A page by its name. */
export function thePage(name: string): Page {
  return readPage(join(root, name), root);
}
