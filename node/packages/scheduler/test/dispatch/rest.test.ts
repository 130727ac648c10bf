import { expect } from "chai";
import { Rest } from "../../src/dispatch/rest.js";
import { ManualClock } from "../fakes/manual-clock.js";
import { silentLogger } from "../fakes/silent-logger.js";

describe("the rest of a worker whose machine cannot start scripts", () => {
  it("is told once, until something has run", async () => {
    const clock = new ManualClock();
    const told: unknown[] = [];
    const warn = (...said: unknown[]): void => void told.push(said);
    const rest = new Rest({ clock, logger: { ...silentLogger, warn } }, () => undefined);
    for (const restMs of [250, 500, 1000]) {
      rest.begin("there is no flows root");
      await clock.advance(restMs);
      expect(rest.rests).to.equal(false);
    }
    expect(told).to.have.length(1);
    rest.forget();
    rest.begin("there is no flows root");
    expect(told).to.have.length(2);
    rest.stop();
  });
});
