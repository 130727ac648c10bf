import { openSync, closeSync, writeFileSync } from "node:fs";
import { readOutputFile } from "../../dist/files/output-file.js";

// Reads the file of its first argument while this process has no file descriptor left, and has one again a little later.
const [, , path] = process.argv;
writeFileSync(path, "a=1\n");
const taken = [];
try {
  for (;;) taken.push(openSync("/dev/null"));
} catch (error) {
  console.log(error.code);
}
const reading = readOutputFile(path, 100);
setTimeout(() => taken.forEach((descriptor) => closeSync(descriptor)), 150);
console.log(JSON.stringify(await reading));
