#!/usr/bin/env node
import { existsSync } from "node:fs";

const bundle = new URL("../bundle/main.js", import.meta.url);
if (existsSync(bundle)) {
  const { main } = await import(bundle.href);
  process.exitCode = await main(process.argv.slice(2));
} else {
  console.error("maxq is not built yet. Run ./scripts/build.sh in the checkout first.");
  process.exitCode = 1;
}
