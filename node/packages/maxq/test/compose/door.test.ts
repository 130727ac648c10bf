import { expect } from "chai";
import { listen } from "@maxq/http";
import { pino } from "pino";
import { Door } from "../../src/compose/door.js";

describe("a server that starts", () => {
  it("answers in the shape of all errors, with a request id and the headers of every answer", async () => {
    const listening = await listen(new Door(pino({ level: "silent" })), { host: "127.0.0.1", port: 0 });
    try {
      const answer = await fetch(`${listening.url}/api/v1/runs`, { headers: { "X-Request-Id": "mine" } });
      expect(answer.status).to.equal(503);
      expect(await answer.json()).to.deep.equal({
        error: "The server is starting. Try again in a moment.",
        code: "UNAVAILABLE",
        details: {},
        requestId: "mine",
      });
      expect(Object.fromEntries(answer.headers)).to.include({
        "x-request-id": "mine",
        "retry-after": "1",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
      });
    } finally {
      await listening.close();
    }
  });
});
