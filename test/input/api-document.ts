import type { Api } from "../system/api.js";

/** A JSON schema, as far as these tests look into it. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
}

export interface Parameter {
  readonly name: string;
  readonly in: "path" | "query" | "header";
  readonly schema: Schema;
}

/** One operation of the API's document. */
export interface Operation {
  readonly method: string;
  /** Below the base, with names in braces. */
  readonly path: string;
  readonly parameters: readonly Parameter[];
  /** Null if it takes no body. */
  readonly body: Schema | null;
  readonly answers: Readonly<Record<string, unknown>>;
}

/** The API's document, as a client gets it. */
export interface ApiDocument {
  readonly operations: readonly Operation[];
  /** The schema that is meant, references followed. */
  readonly resolve: (schema: Schema) => Schema;
}

/** An operation as it stands in the document. */
interface OperationItem {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: { readonly "application/json": { readonly schema: Schema } } };
  readonly responses: Readonly<Record<string, unknown>>;
}

/** Reads the document from the server. */
export async function readApiDocument(api: Api): Promise<ApiDocument> {
  const { body: document } = await api.get("/openapi.json");
  const resolve = (schema: Schema): Schema => {
    if (schema.$ref === undefined) return schema;
    const found = schema.$ref.split("/").slice(1);
    return resolve(found.reduce((at, key) => at[key], document) as Schema);
  };
  const operations = Object.entries<Record<string, OperationItem>>(document.paths).flatMap(([path, item]) =>
    Object.entries<OperationItem>(item).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      parameters: operation["parameters"] ?? [],
      body: operation.requestBody?.content["application/json"].schema ?? null,
      answers: operation["responses"],
    })),
  );
  return { operations, resolve };
}
