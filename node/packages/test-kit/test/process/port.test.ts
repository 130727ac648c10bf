import { aFreePort } from "@maxq/test-kit";
import { expect } from "chai";
import { createServer } from "node:net";
import { once } from "node:events";

describe("a free port", () => {
  it("is nobody else's while this process lives, and can be listened at", async () => {
    const ports = await Promise.all(Array.from({ length: 200 }, () => aFreePort()));
    expect(new Set(ports).size).to.equal(200);
    const server = createServer().listen(ports[0], "127.0.0.1");
    await once(server, "listening");
    server.close();
  });
});
