import { allRoutes } from "@maxq/http";
import type { Page } from "../page/page.js";

/** Beside those of the API's base. */
const OTHERS = ["GET /healthz", "GET /readyz", "GET /openapi.json", "GET /docs", "GET /metrics"];

const known = new Set([...OTHERS, ...allRoutes.map(({ method, path }) => shape(method, path))]);

/** One line for each request of the pages, as in `POST /runs/{id}/abort`, that there is not. */
export function unknownRoutes(pages: readonly Page[]): string[] {
  return pages.flatMap(({ name, codes }) =>
    codes.flatMap(({ text, line }) => {
      const [, methods, path] = /^((?:GET|POST|PUT|PATCH|DELETE)(?:\/[A-Z]+)*) (\/\S*)/.exec(text) ?? [];
      const wanted = (methods ?? "").split("/").map((method) => shape(method, path ?? ""));
      return path === undefined || wanted.every(isKnown)
        ? []
        : [`${name}:${line}: there is no route ${text}.`];
    }),
  );
}

/** `/runs/{id}/…` is any route that begins so. */
function isKnown(wanted: string): boolean {
  const start = wanted.replace(/…$/, "");
  return start === wanted ? known.has(wanted) : [...known].some((each) => each.startsWith(start));
}

/** A route without the names of its parts. */
function shape(method: string, path: string): string {
  const plain = path.replace(/^\/api\/v1(?=\/)/, "").replace(/\?.*/, "");
  return `${method.toUpperCase()} ${plain.replaceAll(/\{\w+\}|:\w+/g, "{}")}`;
}
