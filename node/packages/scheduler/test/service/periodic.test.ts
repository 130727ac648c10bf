import { expect } from "chai";
import { Periodic } from "../../src/service/periodic.js";
import { ManualClock, settle } from "../fakes/manual-clock.js";
import { silentLogger } from "../fakes/silent-logger.js";

describe("a periodic service", () => {
  async function started(
    next: number | null,
  ): Promise<{ clock: ManualClock; service: Periodic; rounds: () => number }> {
    const clock = new ManualClock();
    let rounds = 0;
    const round = (): Promise<number | null> => Promise.resolve(++rounds).then(() => next);
    const service = new Periodic("test", round, clock, silentLogger);
    service.start();
    await clock.advance(0);
    await settle();
    return { clock, service, rounds: () => rounds };
  }

  it("begins a round within the time that is asked for, once for all who ask meanwhile", async () => {
    const { clock, service, rounds } = await started(null);
    service.soon(10);
    service.soon(20);
    await clock.advance(9);
    expect(rounds()).to.equal(1);
    await clock.advance(1);
    expect(rounds()).to.equal(2);
    await clock.advance(100);
    expect(rounds()).to.equal(2);
  });

  it("is brought forward by who asks for less, and put off by nobody", async () => {
    const { clock, service, rounds } = await started(5);
    service.soon(10);
    await clock.advance(5);
    await settle();
    expect(rounds()).to.equal(2);
    service.soon();
    await clock.advance(0);
    expect(rounds()).to.equal(3);
    await service.stop();
  });
});
