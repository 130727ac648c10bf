import { expect } from "chai";
import { systemClock } from "../../src/clock/clock.js";

describe("the clock of this process", () => {
  it("does not call at once what is due in more than 25 days, which is longer than Node's timers", async () => {
    const called: string[] = [];
    const cancel = systemClock.after(2 ** 31, () => called.push("in 25 days"));
    await new Promise<void>((resolve) => void systemClock.after(20, resolve));
    cancel();
    expect(called).to.deep.equal([]);
  });
});
