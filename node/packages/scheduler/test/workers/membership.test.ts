import { expect } from "chai";
import type { Dispatcher } from "../../src/dispatch/dispatcher.js";
import { Lease } from "../../src/heartbeat/lease.js";
import { noInstruments } from "../../src/instruments.js";
import { Membership } from "../../src/worker/membership.js";
import type { WorkerOptions } from "../../src/worker/options.js";
import { ManualClock } from "../fakes/manual-clock.js";
import { silentLogger } from "../fakes/silent-logger.js";

describe("scripts that were killed for want of a lease", () => {
  let clock: ManualClock;
  let fences: number;
  let said: string[];
  let membership: Membership;

  beforeEach(() => {
    clock = new ManualClock();
    fences = 0;
    said = [];
    const say = (_facts: unknown, message?: string): void => void said.push(message ?? "");
    const ports = {
      store: {} as never,
      clock,
      logger: { ...silentLogger, warn: say, error: say },
      lease: new Lease(6_000, clock),
      instruments: { ...noInstruments, fenced: () => fences++ },
    };
    const dispatcher = { holdings: { terminate: () => 1 } } as unknown as Dispatcher;
    membership = new Membership({} as WorkerOptions, ports, dispatcher, () => undefined);
  });

  it("by the launcher, while this process stood still, are one fence, and warned of", async () => {
    membership.killedAtDeadline();
    membership.killedAtDeadline();
    expect(fences).to.equal(1);
    expect(said).to.have.length(1);
    expect(said[0]).to.contain("stood still");
    await clock.advance(6_000);
    membership.killedAtDeadline();
    expect([fences, said.length]).to.deep.equal([2, 2]);
  });

  it("by this worker are the fence that it has counted", () => {
    membership.lapse();
    membership.killedAtDeadline();
    expect(fences).to.equal(1);
    expect(said).to.have.length(1);
  });
});
