import { gzipSync } from "node:zlib";
import type { RawRequest } from "../system/raw.js";
import type { ApiDocument, Operation, Schema } from "./api-document.js";
import { wrongTexts, wrongValues } from "./wrong-values.js";

/** A request that must be refused. */
export interface BadRequest extends RawRequest {
  /** What is wrong with it. */
  readonly what: string;
  /** Below the base. */
  readonly path: string;
}

/** What stands for the names in paths. */
export interface Place {
  readonly runId: string;
  readonly stepId: string;
  readonly flowName: string;
  readonly artifactName: string;
}

const json = { "content-type": "application/json" };
const noRun = "00000000-0000-4000-8000-000000000000";

/** What cannot be a name in a path, or is none that there is. */
const strangers: Readonly<Record<string, readonly string[]>> = {
  runId: [
    noRun,
    "1",
    "null",
    "undefined",
    "..%2f..",
    "%00",
    "%ff",
    "%",
    "%C3%BC",
    noRun.replace("0", "G"),
    "x".repeat(4000),
  ],
  stepId: [
    "nothing",
    "flow:999",
    "flow:x",
    "%2e%2e%2f",
    "%00",
    "%ff",
    "a.b.c.d",
    "x".repeat(4000),
    "__proto__",
  ],
  flowName: ["nothing", "%2e%2e", "..%2fhello", "%00", "%ff", "x".repeat(4000), "-", "constructor"],
  artifactName: ["nothing", "%2e%2e", "a%2fb", "%00", "%ff", "x".repeat(4000), "toString"],
};

/** Everything that can be wrong with requests to one operation. `place` names things that are there. */
export function badRequests(operation: Operation, document: ApiDocument, place: Place): BadRequest[] {
  const { method, path } = operation;
  const good = sampleBody(operation, document);
  const at = (where: Partial<Place>, query = ""): string =>
    path.replaceAll(/\{(\w+)\}/g, (_, name: keyof Place) => ({ ...place, ...where })[name]) + query;
  const send = (what: string, to: string, body: unknown = good): BadRequest => ({
    what,
    path: to,
    method,
    ...(operation.body === null ? {} : { headers: json, body: asBody(body) }),
  });
  const query = operation.parameters.filter((each) => each.in === "query");
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name as keyof Place);
  const usesStep = path.endsWith("/{flowName}/runs") || names.length > 0;
  return [
    ...(usesStep
      ? names.flatMap((name) =>
          (strangers[name] ?? []).map((text) => send(`${name} ${shown(text)}`, at({ [name]: text }))),
        )
      : []),
    ...query.flatMap(({ name, schema }) => {
      const texts = wrongTexts(document.resolve(schema));
      return [
        ...texts.map((text) => send(`${name}=${shown(text)}`, at({}, `?${name}=${text}`))),
        send(`${name} twice`, at({}, `?${name}=1&${name}=2`)),
        send(`${name} as an array`, at({}, `?${name}[]=1`)),
        send(`${name} as an object`, at({}, `?${name}[a]=1`)),
      ];
    }),
    ...["bogus=1", "__proto__=1", "__proto__[a]=1", "constructor=1", "toString=", "%00=1", "%ff=1"].map(
      (text) => send(`the unknown parameter ${text}`, at({}, `?${text}`)),
    ),
    ...(operation.body === null
      ? []
      : badBodies(operation.body, good, document).map(([what, body]) => send(what, at({}), body))),
    ...(operation.body === null ? [] : badEncodings(good).map((bad) => ({ method, path: at({}), ...bad }))),
  ];
}

type Sample = Readonly<Record<string, unknown>>;

/** Bodies that an operation does not take, as they are sent. */
function badBodies(schema: Schema, good: Sample, document: ApiDocument): [string, unknown][] {
  const shape = shapeOf(schema, document);
  const changed = Object.entries(shape.properties ?? {}).flatMap(([name, property]) => [
    ...wrongValues(property, document).map((value): [string, unknown] => [
      `${name}: ${shown(JSON.stringify(value))}`,
      { ...good, [name]: value },
    ]),
    ...itemsOf(property, document).map(([what, value]): [string, unknown] => [
      `${name}[0].${what}`,
      { ...good, [name]: [value] },
    ]),
  ]);
  const missing = (shape.required ?? []).map((name): [string, unknown] => [
    `without ${name}`,
    Object.fromEntries(Object.entries(good).filter(([key]) => key !== name)),
  ]);
  const text = JSON.stringify(good);
  const inside = text.slice(1, -1);
  const and = inside === "" ? "" : `,${inside}`;
  return [
    ...changed,
    ...missing,
    ...["[]", "1", '"text"', "null", "true", "[{}]"].map((body): [string, unknown] => [
      `the body ${body}`,
      body,
    ]),
    ...[
      "{",
      "{oops}",
      "{'a':1}",
      '{"a":1,}',
      "{} {}",
      "nul",
      "NaN",
      "\u0000",
      "a=1&b=2",
      "<a/>",
      '{"a":"\u0001"}',
      '{"a":1e}',
    ].map((body): [string, unknown] => [`the text ${shown(body)}`, body]),
    ...["bogus", "__proto__", "constructor", "prototype", "toString", "", "\\u0000", "ü"].map(
      (key): [string, unknown] => [`the unknown key "${key}"`, `{"${key}":1${and}}`],
    ),
    ["a key __proto__ with an object", `{"__proto__":{"flowName":"hello"}${and}}`],
    ["nesting to 100", `{"bogus":${"[".repeat(100)}${"]".repeat(100)}${and}}`],
    ["nesting to 100,000", `{"bogus":${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}${and}}`],
    ["100,000 opening brackets", "[".repeat(100_000)],
    ["more than the limit", `{"bogus":"${"x".repeat(70_000)}"${and}}`],
  ];
}

/** Entries of an array that do not fit what it holds, where that are objects. */
function itemsOf(property: Schema, document: ApiDocument): [string, unknown][] {
  const { items } = document.resolve(property);
  if (items === undefined) return [];
  const shape = shapeOf(items, document);
  if (shape.properties === undefined) return [];
  const good = sampleOf(shape, document);
  return [
    ...Object.entries(shape.properties).flatMap(([name, each]) =>
      wrongValues(each, document).map((value): [string, unknown] => [
        `${name}: ${shown(JSON.stringify(value))}`,
        { ...good, [name]: value },
      ]),
    ),
    ["bogus", { ...good, bogus: 1 }],
  ];
}

/** Bytes that are not what their headers say. */
function badEncodings(good: Sample): Omit<BadRequest, "path">[] {
  const body = JSON.stringify(good);
  const bytes = (text: string) => Buffer.from(text, "latin1");
  return [
    { what: "invalid UTF-8 in a text", headers: json, body: bytes('{"bogus":"\xff"}') },
    { what: "invalid UTF-8 in a key", headers: json, body: bytes('{"\xc3\x28":1}') },
    { what: "an overlong encoding", headers: json, body: bytes('{"a":"\xc0\x80"}') },
    { what: "a surrogate in UTF-8", headers: json, body: bytes('{"a":"\xed\xa0\x80"}') },
    { what: "UTF-16", headers: json, body: Buffer.from(`{"a":1}`, "utf16le") },
    { what: "a form", headers: { "content-type": "application/x-www-form-urlencoded" }, body },
    { what: "plain text", headers: { "content-type": "text/plain" }, body },
    { what: "no type", headers: {}, body },
    { what: "another charset", headers: { "content-type": "application/json; charset=latin1" }, body },
    { what: "an encoding that is not", headers: { ...json, "content-encoding": "gzip" }, body },
    { what: "an unknown encoding", headers: { ...json, "content-encoding": "x-rot13" }, body },
    {
      what: "a bomb",
      headers: { ...json, "content-encoding": "gzip" },
      body: gzipSync(Buffer.alloc(1e7, 32)),
    },
  ];
}

/** A body that the operation would take. */
function sampleBody({ body }: Operation, document: ApiDocument): Sample {
  return body === null ? {} : sampleOf(shapeOf(body, document), document);
}

function sampleOf(shape: Schema, document: ApiDocument): Sample {
  const required = shape.required ?? [];
  return Object.fromEntries(
    required.map((name) => [name, sampleValue(name, document.resolve(shape.properties![name]!))]),
  );
}

/** Names are such that whatever slipped through would work, and show. */
function sampleValue(name: string, { type }: Schema): unknown {
  if (name === "flowName") return "hello";
  if (name === "name") return "it";
  if (type === "array") return [];
  if (type === "object") return { slipped: true };
  if (type === "string") return "slipped";
  return 1;
}

/** The object that a body is; of several, the first. */
function shapeOf(schema: Schema, document: ApiDocument): Schema {
  const resolved = document.resolve(schema);
  const [first] = resolved.anyOf ?? resolved.oneOf ?? [];
  return first === undefined ? resolved : shapeOf(first, document);
}

function asBody(body: unknown): string {
  return typeof body === "string" ? body : JSON.stringify(body);
}

function shown(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}… (${text.length})` : text;
}
