import type { ApiDocument, Schema } from "./api-document.js";

/** Texts for a query parameter that does not take them, as they stand in the URL. */
export function wrongTexts(schema: Schema): string[] {
  const undecodable = ["%00", "a%00b", "%ff", "%", "%zz", "%C0%80", "%ED%A0%80"];
  if (schema.type === "integer")
    return [
      ...[
        "",
        "abc",
        "-1",
        "1.5",
        "1e3",
        "0x10",
        "+1",
        "%201",
        "1%20",
        "01",
        "NaN",
        "Infinity",
        "null",
        "1,2",
      ],
      ...["99999999999999999999", "9007199254740993", "[]", "{}", "true", "%D9%A1", "-0"],
      ...(schema.maximum === undefined || schema.maximum > 1e14 ? [] : [String(schema.maximum + 1)]),
      ...undecodable,
    ];
  if (schema.type === "boolean") return ["", "yes", "TRUE", "2", "null", "on", ...undecodable];
  if (schema.enum !== undefined || schema.pattern !== undefined)
    return ["%20", "b%C3%B6se", "nonsense%20words", "__proto__%20", "[]", ".", ...undecodable];
  return undecodable;
}

const wrongScalars: Readonly<Record<string, readonly unknown[]>> = {
  integer: ["1", "", true, null, 1.5, 1e300, {}, [], [1], 2 ** 53],
  number: ["1", true, null, {}, []],
  string: [7, 0, true, null, {}, [], ["a"]],
  boolean: ["true", 0, 1, null, {}, []],
  array: [{}, "a", 0, true, null],
  object: [[], "a", 0, true],
};

/** Values that do not fit the schema. Empty if it takes everything. */
export function wrongValues(schema: Schema, { resolve }: ApiDocument): unknown[] {
  const { type, anyOf, oneOf, ...rest } = resolve(schema);
  const options = anyOf ?? oneOf;
  if (options !== undefined) {
    const types = options.map((option) => resolve(option).type);
    if (types.some((each) => typeof each !== "string")) return [];
    const taken = new Set(types as string[]);
    return [7.5, true, ["a"], { a: 1 }].filter((value) => !taken.has(typeOf(value)));
  }
  const types = typeof type === "string" ? [type] : (type ?? []);
  if (types.length === 0) return [];
  const wrong = types.length === 1 ? (wrongScalars[types[0]!] ?? []) : [["a"], true, 7.5];
  return [
    ...wrong.filter((value) => !types.includes(typeOf(value))),
    ...(rest.enum === undefined ? [] : ["bogus", "", "constructor"]),
    ...(rest.minimum === undefined ? [] : [rest.minimum - 1]),
    ...(rest.maximum === undefined ? [] : [rest.maximum + 1]),
    ...(rest.maxLength === undefined ? [] : ["x".repeat(rest.maxLength + 1)]),
    ...(rest.minLength === undefined || rest.minLength === 0 ? [] : [""]),
    ...(rest.pattern === undefined ? [] : ["", " ", "a b", "ä", "../x", "a/b", "a\u0000b", "x".repeat(5000)]),
  ];
}

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value;
}
