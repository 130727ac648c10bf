/** Who sends slowly is cut off. No database has a say in it, so one is enough. */
import { aFolder, until } from "@maxq/test-kit";
import { expect } from "chai";
import { connect } from "node:net";
import { System } from "../system/system.js";

describe("slow clients", () => {
  const system = new System({}, aFolder("slow"));
  before(() => system.start({}));
  after(() => system.stop());

  it("a client that is slow with its head is answered 408 and cut off, and nobody waits for it", async () => {
    const { api, url } = system.server;
    let received = "";
    let closed = false;
    const slow = connect(Number(new URL(url).port), "127.0.0.1", () =>
      slow.write("POST /api/v1/runs HTTP/1.1\r\nHost: localhost\r\n"),
    );
    slow.on("data", (chunk) => (received += chunk.toString()));
    slow.on("close", () => (closed = true));
    expect((await api.get("/runs")).status).to.equal(200);
    await until("it is cut off", () => closed);
    expect(received).to.match(/^HTTP\/1\.1 408 [^]*"code":"INVALID_REQUEST"[^]*\n$/);
  });
});
