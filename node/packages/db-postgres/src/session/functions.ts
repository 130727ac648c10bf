import { readFileSync } from "node:fs";

/** What the session of a worker's own connection needs. It lives in the session, which needs the right to make temporary objects, as everybody has by default. */
export const hotFunctions = sources(
  "waiting_no",
  "can_end",
  "end_stage",
  "store_plan",
  "settle_call",
  "begin_stages",
  "release",
  "exchange",
  "finish_step",
  "finish_call",
  "finish_stage",
  "claim",
  "begin_stage",
);

/** What a session of the pool needs. */
export const callFunctions = sources("waiting_no", "store_plan", "create_runs", "schedule_stage");

function sources(...names: string[]): string {
  return names
    .map((name) => readFileSync(new URL(`../../function/${name}.sql`, import.meta.url), "utf8"))
    .join(";\n");
}
