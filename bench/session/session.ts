import { aFolder } from "@maxq/test-kit";
import { cpSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { CannotMeasure, type BenchCase, type DatabaseKind, type Row } from "../case.js";
import type { BenchDatabase, DatabaseOptions } from "../database/database.js";
import { createPostgresDatabase } from "../database/postgres.js";
import { startPostgresServer, type PostgresServer } from "../database/postgres-server.js";
import { createSqliteDatabase } from "../database/sqlite.js";
import {
  startServer,
  startWorker,
  type BenchServer,
  type Engine,
  type EngineOptions,
} from "../program/engine.js";
import type { BenchContext } from "./context.js";
import { interleave } from "./interleave.js";
import { sayStatements } from "./statements.js";

export interface SessionOptions {
  readonly rounds: number;
  readonly smoke: boolean;
  /** Where servers and workers leave a CPU profile each when they end; null: none. */
  readonly profiles: string | null;
  /** Whether to say after each case which statements cost PostgreSQL most; slower by what counting them costs. */
  readonly statements?: boolean;
  readonly say: (line: string) => void;
}

/** What a case answered on one database. */
export interface CaseResult {
  readonly rows: readonly Row[];
  readonly notes: readonly string[];
}

/** What cases ask of a PostgreSQL of their own, for the one that they share in a smoke run. */
const forAllCases: DatabaseOptions = { countStatements: true, settings: ["track_commit_timestamp=on"] };

type Ends = (() => unknown)[];

/** One sitting: the databases and servers that cases share, and those of the case at work. */
export class Session {
  readonly #flowsRoot = aFolder("flows");
  readonly #ends: Ends = [];
  #postgres: Promise<PostgresServer> | null = null;
  readonly #shared = new Map<string, Promise<BenchDatabase | BenchServer>>();

  constructor(private readonly options: SessionOptions) {
    cpSync(fileURLToPath(new URL("../flows", import.meta.url)), this.#flowsRoot, { recursive: true });
  }

  /** Runs a case and ends what it started. Rejects if it does, and if it answers what is no figure. */
  async run(benchCase: BenchCase, kind: DatabaseKind): Promise<CaseResult> {
    const ends: Ends = [];
    const notes: string[] = [];
    const engines: Engine[] = [];
    try {
      const rows = await benchCase.run(this.#context(kind, ends, notes, engines));
      rows.forEach(check);
      return { rows, notes };
    } catch (error) {
      if (!(error instanceof CannotMeasure)) throw new Error(lastWords(engines), { cause: error });
      return { rows: [], notes: [...notes, `not measured: ${error.message}`] };
    } finally {
      await endAll(ends);
    }
  }

  /** Ends what cases shared. */
  close(): Promise<void> {
    return endAll(this.#ends);
  }

  #context(kind: DatabaseKind, ends: Ends, notes: string[], engines: Engine[]): BenchContext {
    const { rounds, smoke, say, profiles } = this.options;
    const flowsRoot = this.#flowsRoot;
    const isShared = new WeakSet<object>();
    const withProfile = (options: EngineOptions): EngineOptions =>
      profiles === null
        ? options
        : { ...options, nodeArgs: [...(options.nodeArgs ?? []), "--cpu-prof", `--cpu-prof-dir=${profiles}`] };
    const serve = async (database: BenchDatabase, options: EngineOptions, until: Ends) => {
      const server = await startServer(database, flowsRoot, withProfile(options));
      until.push(() => server.stop());
      engines.push(server);
      return server;
    };
    return {
      kind,
      rounds,
      smoke,
      flowsRoot,
      size: (full, tiny) => (smoke ? tiny : full),
      createDatabase: async (options = {}) => {
        // Where nothing is flushed, a slow flush of PostgreSQL is none.
        const asksForIts = options.own === true || (options.slowFsync === true && kind === "sqlite");
        if (!smoke || asksForIts) return this.#create(kind, options, ends);
        const database = await this.#once(kind, () => this.#create(kind, {}, this.#ends));
        isShared.add(database);
        return database;
      },
      startServer: async (database, options = {}) => {
        if (!isShared.has(database)) return serve(database, options, ends);
        // SQLite serves one process: what another case had asked for must do.
        const key = `${kind} server ${kind === "sqlite" ? "" : JSON.stringify(options)}`;
        const server = await this.#once(key, () => serve(database, options, this.#ends));
        return { ...server, stop: () => Promise.resolve() };
      },
      startWorker: (database, options = {}) => {
        const worker = startWorker(database, flowsRoot, withProfile(options));
        ends.push(() => worker.stop());
        engines.push(worker);
        return worker;
      },
      interleave: (works, { warmUpMs = 0 } = {}) => interleave(works, rounds, smoke ? null : warmUpMs, say),
      afterwards: (end) => ends.push(end),
      say,
      note: (text) => notes.push(text),
    };
  }

  async #create(kind: DatabaseKind, options: DatabaseOptions, ends: Ends): Promise<BenchDatabase> {
    const { statements = false, smoke, say } = this.options;
    const { slowFsync = false, countStatements = statements, settings = [] } = options;
    let database: BenchDatabase & { drop(): Promise<void> };
    if (kind === "sqlite") database = await createSqliteDatabase(slowFsync);
    else if (smoke) database = await createPostgresDatabase(await this.#sharedPostgres(forAllCases), true);
    else if (slowFsync || countStatements || settings.length > 0) {
      const server = await startPostgresServer({ ...options, countStatements }, true);
      ends.push(() => server.stop());
      database = await createPostgresDatabase(server, countStatements);
    } else {
      database = await createPostgresDatabase(await this.#sharedPostgres({}), false);
    }
    ends.push(() => database.drop());
    if (statements && kind === "postgres") ends.push(() => sayStatements(database, say));
    return database;
  }

  #sharedPostgres(options: DatabaseOptions): Promise<PostgresServer> {
    this.#postgres ??= startPostgresServer(options, !this.options.smoke).then((server) => {
      this.#ends.unshift(() => server.stop());
      return server;
    });
    return this.#postgres;
  }

  #once<T extends BenchDatabase | BenchServer>(key: string, make: () => Promise<T>): Promise<T> {
    if (!this.#shared.has(key)) this.#shared.set(key, make());
    return this.#shared.get(key) as Promise<T>;
  }
}

async function endAll(ends: Ends): Promise<void> {
  for (const end of ends.splice(0).reverse()) await end();
}

/** For who has to find out why a case failed. */
function lastWords(engines: readonly Engine[]): string {
  const said = engines.map((engine) => engine.output().trimEnd().split("\n").slice(-10).join("\n"));
  return `Its engines had said last:\n${said.join("\n")}`;
}

function check({ what, measured, reference, compare }: Row): void {
  const all = [...measured, ...(reference?.measured ?? [])];
  if (measured.length === 0 || !all.every(Number.isFinite))
    throw new Error(`${what}: ${all.join(", ")} is no figure`);
  if (compare !== undefined && reference?.measured.length !== measured.length)
    throw new Error(
      `${what}: ${measured.length} figures and ${reference?.measured.length ?? 0} of its reference`,
    );
}
