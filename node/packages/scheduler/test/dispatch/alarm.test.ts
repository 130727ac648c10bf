import { expect } from "chai";
import { Alarm } from "../../src/dispatch/alarm.js";
import { ManualClock } from "../fakes/manual-clock.js";

describe("alarm", () => {
  it("goes off once, at the soonest of what was wished", async () => {
    const clock = new ManualClock();
    let rung = 0;
    const alarm = new Alarm(clock, () => rung++);
    alarm.within(40);
    alarm.within(3);
    alarm.within(20);
    await clock.advance(2);
    expect(rung).to.equal(0);
    await clock.advance(1);
    expect(rung).to.equal(1);
    await clock.advance(100);
    expect(rung).to.equal(1);
  });

  it("can be set again once it went off, and stopped", async () => {
    const clock = new ManualClock();
    let rung = 0;
    const alarm = new Alarm(clock, () => rung++);
    alarm.within(3);
    await clock.advance(3);
    alarm.within(3);
    await clock.advance(3);
    expect(rung).to.equal(2);
    alarm.within(3);
    alarm.stop();
    await clock.advance(10);
    expect(rung).to.equal(2);
  });
});
