export { afterAllTests, endOfTests } from "./cleanup.js";
export { forEachDatabase } from "./database/for-each.js";
export type { TestDatabase } from "./database/database.js";
export { postgresDatabase } from "./database/postgres.js";
export { sqliteDatabase } from "./database/sqlite.js";
export { createDatabase, createEmptyDatabase, type CreatedDatabase } from "./postgres/database.js";
export { embeddedServer, type EmbeddedServer } from "./postgres/embedded.js";
export { testServer, type TestServer } from "./postgres/server.js";
export { aFolder } from "./folder/temporary.js";
export { aFlow, aScript, type FlowFolder, type FlowScripts } from "./folder/flow.js";
export { aFreePort } from "./process/port.js";
export { cleanEnvironment } from "./process/environment.js";
export {
  startProgram,
  startScript,
  type Ending,
  type Program,
  type ProgramOptions,
} from "./process/program.js";
export { nothingIsLeftOf, processesMarked, type FoundProcess } from "./process/marked.js";
export { isStopped } from "./process/stopped.js";
export { until } from "./process/wait.js";
export { postgresSchema, sqliteSchema } from "./schema/dumps.js";
export { someStatements } from "./folder/statements.js";
export { checkScrape } from "./prometheus/check.js";
export { parseScrape, type Family, type Sample, type Scrape } from "./prometheus/parse.js";
export { Random } from "./random.js";
