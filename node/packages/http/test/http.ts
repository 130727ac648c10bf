import { expect } from "chai";
import { request, type IncomingHttpHeaders, type IncomingMessage } from "node:http";
import { allRoutes } from "@maxq/http";

/** What is sent. `body`: bytes and texts go as they are, anything else as JSON with its type. */
export interface Sent {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Parsed JSON, looked into freely: the schemas have checked it. */
// eslint-disable-next-line @typescript-eslint/no-explicit-any
export type Parsed = any;

/** What came back. `json` is undefined if it is not JSON. */
export interface Received {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Parsed;
}

/** Sends a request as it is given, any Host and any path, and checks what every answer must have. */
export async function send(
  url: string,
  { method = "GET", body, headers = {} }: Sent = {},
): Promise<Received> {
  const raw = body === undefined || typeof body === "string" || Buffer.isBuffer(body);
  const bytes = raw ? body : JSON.stringify(body);
  const type = body === undefined ? {} : { "Content-Type": "application/json" };
  const response = await begin(url, { method, headers: { ...type, ...headers }, body: bytes });
  const received = await receive(response);
  checkEveryAnswer(method, url, received);
  return received;
}

/** Sends a request and answers when the head of the answer is there. */
export function begin(
  url: string,
  sent: {
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body?: string | Buffer | undefined;
  },
): Promise<IncomingMessage> {
  // The path is taken from the text: URL would tidy it.
  const [, origin = "", path = "/"] = /^(https?:\/\/[^/]+)(.*)$/s.exec(url)!;
  const { hostname, port } = new URL(origin);
  return new Promise((resolve, reject) => {
    const outgoing = request(
      { hostname, port, path, method: sent.method, headers: sent.headers, agent: false },
      resolve,
    );
    outgoing.on("error", reject);
    outgoing.end(sent.body);
  });
}

/** Reads an answer to its end. */
export async function receive(response: IncomingMessage): Promise<Received> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString("utf8");
  const isJson = response.headers["content-type"]?.startsWith("application/json") === true && text !== "";
  return {
    status: response.statusCode!,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  };
}

function checkEveryAnswer(method: string, url: string, received: Received): void {
  const { status, headers, text, json } = received;
  const what = `${method} ${url} → ${status} ${text.slice(0, 300)}`;
  expect(headers["x-request-id"], what).to.match(/^[A-Za-z0-9._-]+$/);
  if (json === undefined) return;
  expect(text.endsWith("\n"), what).to.equal(true);
  if (status >= 400) {
    expect(Object.keys(json), what).to.deep.equal(["error", "code", "details", "requestId"]);
    expect(json.error, what).to.be.a("string").that.is.not.empty;
    expect(json.requestId).to.equal(headers["x-request-id"]);
    expect(text, what).not.to.match(/node_modules|\.ts:|\\n +at /);
  } else {
    checkSchema(routeOf(method, url), received, what);
  }
}

function routeOf(method: string, url: string): (typeof allRoutes)[number] | undefined {
  const path = url.replace(/^https?:\/\/[^/]+(\/api\/v1)?(\/as\/[^/]+)?/, "").replace(/\?.*$/s, "");
  return allRoutes.find((each) => each.method === method.toLowerCase() && patternOf(each.path).test(path));
}

/** An answer must be what the OpenAPI document says, with no key more. */
function checkSchema(
  route: ReturnType<typeof routeOf>,
  { status, headers, json }: Received,
  what: string,
): void {
  const schema = route?.answers[status];
  if (schema === undefined || typeof schema === "string")
    throw new Error(`No schema is documented for ${what}`);
  const parsed = schema.safeParse(json);
  expect(parsed.error?.issues, what).to.equal(undefined);
  expect(parsed.data, what).to.deep.equal(json);
  const located = route?.locations?.includes(status) ?? false;
  expect(headers.location !== undefined, what).to.equal(located);
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/\{\w+\}/g, "[^/]+")}$`);
}
