import type { BenchDatabase } from "../database/database.js";

interface Cost {
  readonly ms: number;
  readonly calls: string;
  readonly mean: number;
  readonly wal: string;
  readonly text: string;
}

const costliest = `select s.total_exec_time as ms, s.calls, s.mean_exec_time as mean, s.wal_bytes as wal, left(ltrim(regexp_replace(regexp_replace(s.query, '--[^\\n]*\\n', '', 'g'), '\\s+', ' ', 'g')), 110) as text
  from pg_stat_statements s join pg_database d on d.oid = s.dbid where d.datname = current_database() order by s.total_exec_time desc limit 15`;

/** Says which statements took PostgreSQL longest so far, with their calls and the bytes of WAL that they wrote. */
export async function sayStatements(database: BenchDatabase, say: (line: string) => void): Promise<void> {
  say("      ms    calls  ms a call  WAL bytes a call");
  for (const { ms, calls, mean, wal, text } of await database.query<Cost>(costliest)) {
    const walACall = (Number(wal) / Number(calls)).toFixed(0);
    say(
      `${ms.toFixed(0).padStart(8)} ${calls.padStart(8)} ${mean.toFixed(3).padStart(10)} ${walACall.padStart(17)}  ${text}`,
    );
  }
}
