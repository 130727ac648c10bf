import { readFile } from "node:fs/promises";
import { relative, sep } from "node:path";

const ROOT = "BUNDLE_ROOT";

/**
 * A plugin for esbuild: sources that find files by their own place go on finding them. To `db-postgres/src/driver/open.ts`, its place is
 * `db-postgres/dist/driver/open.js` below the bundle, wherever its code went; that of the package `maxq`, which holds the bundle, is beside it.
 */
export function keepPlaces(packages) {
  return {
    name: "keep places",
    setup(build) {
      build.onLoad({ filter: /[\\/]packages[\\/][^\\/]+[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
        const text = await readFile(path, "utf8");
        if (!text.includes("import.meta.url")) return undefined;
        const built = relative(packages, path)
          .replaceAll(sep, "/")
          .replace(/^([^/]+)\/src\/(.*)\.ts$/, "$1/dist/$2.js")
          .replace(/^maxq\//, "../");
        const place = `new URL("${ROOT}/${built}", import.meta.url).href`;
        return { contents: text.replaceAll("import.meta.url", place), loader: "ts" };
      });
    },
  };
}

/** A bundled file's text, with the way up from it to the bundle's folder put in. */
export function placesIn(text, upwards) {
  return text.replaceAll(ROOT, upwards);
}
