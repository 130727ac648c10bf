import { expect } from "chai";
import { Writable } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { Outlet } from "../../src/print/outlet.js";

describe("an outlet with a slow reader", () => {
  it("lets any number of writers wait by one listener for all, and then go on", async () => {
    let goOn: () => void = () => undefined;
    const stream = new Writable({ highWaterMark: 1, write: (_chunk, _encoding, done) => (goOn = done) });
    const outlet = new Outlet(stream as unknown as NodeJS.WriteStream);
    let waiting = 20;
    const writers = Array.from({ length: waiting }, (_, n) =>
      outlet.write(`${n}\n`).finally(() => waiting--),
    );
    expect(stream.listenerCount("drain")).to.equal(1);
    while (stream.writableLength > 0) {
      expect(waiting).to.equal(20);
      goOn();
      await setImmediate();
    }
    await Promise.all(writers);
    expect(stream.listenerCount("drain")).to.equal(0);
  });

  it("lets them go on when nobody reads any longer", async () => {
    const stream = new Writable({ highWaterMark: 1, write: () => undefined });
    const outlet = new Outlet(stream as unknown as NodeJS.WriteStream);
    const writers = [outlet.write("a"), outlet.write("b")];
    stream.destroy(new Error("closed"));
    await Promise.all(writers);
    expect(outlet.closed.aborted).to.equal(true);
  });
});
