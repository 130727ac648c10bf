import type { Connection } from "./library.js";

/**
 * Closes, leaving one file: what is in the write-ahead log goes into the database first. SQLite would do so when its last connection closes,
 * but while prepared statements wait for the garbage collector the connection lives on.
 */
export function closeConnection(connection: Connection): void {
  try {
    connection.exec("pragma wal_checkpoint(truncate)");
  } catch {
    // The log holds it then, and the next one to open the file reads that.
  }
  connection.close();
}
