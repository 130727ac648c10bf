/** The API's document is OpenAPI 3.1, and what is served is what it says. */
import { Validator } from "@seriousme/openapi-schema-validator";
import { expect } from "chai";
import { onEachDatabase } from "../system/databases.js";

const key = "the-key-of-this-server";

onEachDatabase("the API's document", { env: { MAXQ_API_KEY: key } }, (system) => {
  it("is valid by the schema of OpenAPI 3.1, and needs no key", async () => {
    const { status, body } = await system.server.api.get("/openapi.json");
    expect(status).to.equal(200);
    const validator = new Validator();
    const { valid, errors } = await validator.validate(body as Record<string, unknown>);
    expect(errors ?? []).to.deep.equal([]);
    expect(valid).to.equal(true);
    expect(validator.version).to.equal("3.1");
  });

  it("has a page that loads nothing from elsewhere", async () => {
    const page = await fetch(`${system.server.url}/api/v1/docs`);
    expect(page.status).to.equal(200);
    expect(page.headers.get("content-security-policy")).to.contain("default-src 'none'");
    expect(await page.text()).not.to.match(/(src|href)="(https?:)?\/\//);
  });
});
