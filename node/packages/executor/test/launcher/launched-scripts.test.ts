import { expect } from "chai";
import { KnownState } from "../../src/launcher/frames.js";
import type { LaunchListener } from "../../src/launcher/launched.js";
import { LaunchedScripts } from "../../src/launcher/launched-scripts.js";

describe("what a launcher had when it died", () => {
  const returned: number[] = [];
  const listener = (id: number) =>
    ({
      started: () => {},
      notStarted: () => void returned.push(id),
    }) as Partial<LaunchListener> as LaunchListener;

  it("never began where it has a bound, comes after the last that may have begun, and is this engine's", () => {
    const scripts = new LaunchedScripts();
    const known = { attemptKey: "", outputPath: "", ranUs: 0, killedBy: null };
    scripts.inherit({ id: 3, pid: 0, startTicks: 0, state: KnownState.ended, ...known });
    scripts.get(3)!.listener = listener(3);
    scripts.add(4, listener(4), false);
    for (const id of [5, 6, 7, 8]) scripts.add(id, listener(id), true);
    scripts.started(7, 1, 1);
    scripts.returnWaiting(5);
    expect(returned).to.deep.equal([6, 8]);
    expect(scripts.size).to.equal(4);
  });
});
