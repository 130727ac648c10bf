import { lockDatabase } from "@maxq/db-sqlite";

// Holds the lock of a file until it is told to end, or killed.
const [, , file, purpose] = process.argv;
const lock = await lockDatabase(file, purpose, 0);
process.once("SIGTERM", () => {
  lock.release();
  process.exit();
});
setInterval(() => undefined, 60_000);
console.log("locked");
