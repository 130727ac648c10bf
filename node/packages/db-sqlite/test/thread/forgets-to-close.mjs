import { openSqliteStore } from "@maxq/db-sqlite";

const store = await openSqliteStore({ file: process.argv[2] });
console.log(await store.settingOnce("a", "kept"));
