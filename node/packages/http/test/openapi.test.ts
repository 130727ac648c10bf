import { expect } from "chai";
import { randomUUID } from "node:crypto";
import { allRoutes } from "@maxq/http";
import { sqliteDatabase, type TestDatabase } from "@maxq/test-kit";
import { begin, receive, send, type Parsed } from "./http.js";
import { aServer, type TestServer } from "./server.js";

const methods = ["get", "post", "put", "patch", "delete"] as const;

describe("the OpenAPI document", () => {
  let database: TestDatabase;
  let server: TestServer;
  let document: Parsed;
  before(async () => {
    database = await sqliteDatabase();
    server = await aServer(await database.openStore());
    document = (await server.api("/openapi.json")).json;
  });
  after(async () => {
    await server.close();
    await database.drop();
  });

  it("is 3.1, and every reference in it leads somewhere", () => {
    expect(document.openapi).to.match(/^3\.1\./);
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/components\/schemas\/([^"]+)"/g)];
    expect(references.length).to.be.above(50);
    for (const [, name] of references) expect(document.components.schemas).to.have.property(name!);
  });

  it("has exactly the paths and methods that are served", async () => {
    expect(Object.keys(document.paths)).to.have.members([...new Set(allRoutes.map(({ path }) => path))]);
    for (const [path, operations] of Object.entries<Parsed>(document.paths)) {
      const real = path.replaceAll(/\{\w+\}/g, "x");
      for (const method of methods) {
        const { status } = await receive(
          await begin(`${server.url}/api/v1${real}`, { method: method.toUpperCase(), headers: {} }),
        );
        if (method in operations) expect(status, `${method} ${path}`).not.to.equal(405);
        else expect(status, `${method} ${path}`).to.equal(405);
      }
    }
  });

  it("says which requests need a body: those that an empty one is too little for", async () => {
    const runId = await server.aRun();
    for (const [path, operations] of Object.entries<Parsed>(document.paths)) {
      for (const method of methods) {
        const body = operations[method]?.requestBody;
        if (body === undefined || path === "/prune") continue;
        const real = path
          .replace("{runId}", runId)
          .replace("{flowName}", "hello")
          .replaceAll(/\{\w+\}/g, "x");
        const { status } = await server.api(real, { method: method.toUpperCase(), body: {} });
        expect(body.required, `${method} ${path}`).to.equal(status === 400);
      }
    }
  });

  it("names every operation once, with its parameters and its refusals", () => {
    const operations = Object.entries<Parsed>(document.paths).flatMap(([path, item]) =>
      Object.values<Parsed>(item).map((operation) => ({ path, ...operation })),
    );
    expect(new Set(operations.map(({ operationId }) => operationId)).size).to.equal(operations.length);
    for (const { path, parameters = [], responses } of operations) {
      const named = parameters
        .filter((each: Parsed) => each.in === "path")
        .map((each: Parsed) => `{${each.name}}`);
      expect(named.join(), path).to.equal((path.match(/\{\w+\}/g) ?? []).join());
      expect(responses.default.content["application/json"].schema.$ref).to.equal(
        "#/components/schemas/Error",
      );
    }
  });

  it("has schemas whose enums are of their types", () => {
    const wrong: unknown[] = [];
    JSON.parse(JSON.stringify(document), (_key, value: Parsed) => {
      for (const each of value?.enum ?? [])
        if (typeof value.type === "string" && typeof each !== value.type) wrong.push(value);
      return value;
    });
    expect(wrong).to.deep.equal([]);
    const { schema } = document.paths["/runs/{runId}/events"].get.parameters.find(
      ({ name }: Parsed) => name === "follow",
    );
    expect(schema).to.have.property("type", "boolean");
  });

  it("says that each operation refuses a query that it does not take", async () => {
    for (const [path, operations] of Object.entries<Parsed>(document.paths)) {
      for (const method of methods) {
        if (!(method in operations)) continue;
        const real = path.replace("{flowName}", "hello").replaceAll(/\{\w+\}/g, randomUUID());
        const { status } = await server.api(`${real}?nosuch=1`, { method: method.toUpperCase() });
        expect([status, "400" in operations[method].responses], `${method} ${path}`).to.deep.equal([
          400,
          true,
        ]);
      }
    }
  });

  it("names the headers of answers", () => {
    const { responses } = document.paths["/runs"].post;
    const documented = (status: string) => Object.keys(responses[status].headers);
    expect(documented("201")).to.have.members(["X-Request-Id", "Location"]);
    expect(documented("401")).to.have.members(["X-Request-Id", "WWW-Authenticate"]);
    expect(documented("default")).to.have.members(["X-Request-Id", "Allow", "Retry-After"]);
  });

  it("describes the stream of events: its types, how it ends, and what an event is", () => {
    const { description } = document.paths["/runs/{runId}/events"].get;
    const event = document.components.schemas.RunEvent;
    for (const type of event.properties.type.enum) {
      expect(description).to.contain(`\`${type}\``);
      expect(event.description).to.contain(`\`${type}\``);
    }
    for (const word of ["event: end", "event: overflow"]) expect(description).to.contain(word);
  });

  it("says which keys fields may have", () => {
    const { propertyNames } = document.components.schemas.FieldsBody.properties.fields;
    expect(propertyNames).to.deep.include({ minLength: 1, maxLength: 255 });
    const allowed = new RegExp(propertyNames.pattern);
    expect(["a", "ä\n", "a\0"].map((key) => allowed.test(key))).to.deep.equal([true, true, false]);
  });

  it("has a page, which loads nothing from elsewhere", async () => {
    const page = await send(`${server.url}/api/v1/docs`);
    expect(page.status).to.equal(200);
    expect(page.headers["content-security-policy"]).to.contain("script-src 'self'");
    const sources = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map(([, source]) => source!);
    expect(sources).to.have.length(3);
    for (const source of sources) {
      expect(source).to.match(/^\/api\/v1\/docs\//);
      expect((await send(server.url + source)).status, source).to.equal(200);
    }
  });

  it("refuses a condition that a file of the page does not meet, and a range that it does not have", async () => {
    const asked = async (headers: Readonly<Record<string, string>>) => {
      const answer = await send(`${server.url}/api/v1/docs/swagger-ui.css`, { headers });
      return { status: answer.status, code: answer.json?.code, cached: answer.headers["cache-control"] };
    };
    const refused = { code: "INVALID_REQUEST", cached: undefined };
    expect(await asked({ "If-Match": '"x"' })).to.deep.equal({ status: 412, ...refused });
    const before = "Mon, 01 Jan 2001 00:00:00 GMT";
    expect(await asked({ "If-Unmodified-Since": before })).to.deep.equal({ status: 412, ...refused });
    expect(await asked({ Range: "bytes=99999999-" })).to.deep.equal({ status: 416, ...refused });
    expect(await asked({ Range: "bytes=0-9" })).to.deep.include({ status: 206, code: undefined });
  });
});
