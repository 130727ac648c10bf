import type { Params } from "../driver.js";
import type { StatementFile } from "./load.js";

/** The statement of a name. Throws, saying where it was looked for, if there is no such file. */
export function statementNamed(
  statements: ReadonlyMap<string, StatementFile>,
  name: string,
  directory: string,
): StatementFile {
  const statement = statements.get(name);
  if (statement !== undefined) return statement;
  throw new Error(`There is no statement ${name}: ${directory} has no ${name.replaceAll(".", "/")}.sql.`);
}

/** Values for the parameters that a statement has, in their order; others are dropped. Throws on a missing one. */
export function parameterValues(statement: StatementFile, params: Params): Params[string][] {
  return statement.parameters.map((name) => parameterValue(statement, params, name));
}

/** The value of one of its parameters, as both databases keep it. Throws if it is missing. */
export function parameterValue(
  statement: Pick<StatementFile, "name">,
  params: Params,
  name: string,
): Params[string] {
  const value = params[name];
  if (value === undefined)
    throw new Error(`Statement ${statement.name} needs the parameter :${name}, and none was given.`);
  return storable(value);
}

/**
 * A value as both databases keep it: U+0000, which PostgreSQL's text cannot hold, becomes U+FFFD. (JSON text is not affected: there it is an escape.)
 * Scripts print such bytes, and must not make an outcome impossible to record.
 */
export function storable(value: Params[string]): Params[string] {
  if (typeof value === "string") return storableText(value);
  if (Array.isArray(value)) return (value as unknown[]).map((item) => storable(item as string)) as string[];
  return value;
}

function storableText(text: string): string {
  return text.includes("\0") ? text.replaceAll("\0", "\uFFFD") : text;
}
