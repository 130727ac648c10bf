import { sqliteLibrary } from "../../dist/connection/library.js";

// Has the database file of its first argument for itself, as one that makes its write-ahead log or closes it does, for a moment.
const { DatabaseSync } = await sqliteLibrary();
const connection = new DatabaseSync(process.argv[2]);
connection.exec("begin exclusive");
console.log("held");
setTimeout(() => connection.exec("commit"), 300);
