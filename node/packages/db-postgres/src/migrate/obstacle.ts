import pg from "pg";
import { clientConfig, placeOf } from "../connection/config.js";
import { connectFault } from "../connection/fault.js";

/**
 * What keeps the role from working with the database, with what to do about it; null if nothing does. `makesTables`: the schema is to be made or brought up to date, too.
 * Throws what pg throws.
 */
export async function obstacle(
  client: pg.ClientBase,
  place: string,
  makesTables: boolean,
): Promise<string | null> {
  const { rows } = await client.query<Facts>(
    "select pg_is_in_recovery() as standby, current_setting('default_transaction_read_only')::bool as \"readOnly\"," +
      " quote_ident(current_schema()) as schema, coalesce(has_schema_privilege(current_schema(), 'CREATE'), false) as \"mayCreate\", quote_ident(current_user) as role",
  );
  const { standby, readOnly, schema, mayCreate, role } = rows[0]!;
  if (standby)
    return `The database at ${place} is a standby, which can only be read: name the primary in MAXQ_DATABASE_URL, or promote this one.`;
  if (readOnly)
    return `The database at ${place} can only be read: default_transaction_read_only is on. Switch it off for the role ${role}, or for the database or the server, where it is set.`;
  if (!makesTables || mayCreate) return null;
  if (schema === null)
    return `The search_path of the role ${role} names no schema that there is in the database at ${place}: create one, or correct it.`;
  return `The role ${role} may not make tables in the database at ${place}: GRANT CREATE ON SCHEMA ${schema} TO ${role}.`;
}

interface Facts {
  readonly standby: boolean;
  readonly readOnly: boolean;
  /** As SQL has it. Null: there is none that tables could be made in. */
  readonly schema: string | null;
  readonly mayCreate: boolean;
  readonly role: string;
}

/** The same, asked over a connection of its own. Rejects with `DatabaseUnavailable` if there is none to be had. */
export async function postgresObstacle(url: string, makesTables: boolean): Promise<string | null> {
  const place = placeOf(url);
  const client = new pg.Client(clientConfig({ url, applicationName: "maxq doctor" }));
  client.on("error", () => undefined);
  try {
    await client.connect();
    return await obstacle(client, place, makesTables);
  } catch (error) {
    throw connectFault(`at ${place}`, error);
  } finally {
    await client.end().catch(() => undefined);
  }
}
