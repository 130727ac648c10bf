import { expect } from "chai";
import { pollOnce } from "../../src/timers/fallback-poll.js";

describe("the fallback poll", () => {
  function poll(state: { readonly healthy: boolean; readonly active: boolean }) {
    let polls = 0;
    const next = pollOnce({
      wakeUpsHealthy: () => state.healthy,
      wasActive: () => state.active,
      poll: () => {
        polls++;
      },
      intervalMs: 200,
      idleMs: 5000,
    });
    return { polls, next };
  }

  it("asks nothing while wake-ups arrive and nothing happens: the heartbeat looks", () => {
    expect(poll({ healthy: true, active: false })).to.deep.equal({ polls: 0, next: 5000 });
  });

  it("asks at each interval while there is work", () => {
    expect(poll({ healthy: true, active: true })).to.deep.equal({ polls: 1, next: 200 });
  });

  it("asks at each interval while no wake-ups arrive", () => {
    expect(poll({ healthy: false, active: false })).to.deep.equal({ polls: 1, next: 200 });
  });
});
