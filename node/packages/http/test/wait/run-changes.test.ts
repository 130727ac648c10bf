import type { Store, WakeUp } from "@maxq/db";
import { expect } from "chai";
import { createRunChanges } from "../../src/wait/run-changes.js";

/** As much of a store as watches need. */
class Wakes {
  #listener: ((wakeUp: WakeUp) => void) | null = null;
  readonly changes = createRunChanges({
    onWakeUp: (listener: (wakeUp: WakeUp) => void) => {
      this.#listener = listener;
      return () => (this.#listener = null);
    },
    wakeUpsHealthy: () => true,
  } as unknown as Store);

  changed(runId: string): void {
    this.#listener?.({ reason: "run", runId });
  }
}

/** A read that ends when it is told to. */
class Read {
  begun = 0;
  #end: (() => void)[] = [];
  readonly read = async (): Promise<number> => {
    const number = ++this.begun;
    await new Promise<void>((resolve) => this.#end.push(resolve));
    return number;
  };
  end(): void {
    for (const end of this.#end.splice(0)) end();
  }
}

describe("those who watch a run", () => {
  it("share what they read from the same place on", async () => {
    const wakes = new Wakes();
    const read = new Read();
    const watches = Array.from({ length: 100 }, () => wakes.changes.watch("r"));
    const answers = Promise.all(watches.map((watch) => watch.share("1.0", read.read)));
    const elsewhere = watches[0]!.share("2.0", read.read);
    read.end();
    expect(new Set(await answers)).to.deep.equal(new Set([1]));
    expect(await elsewhere).to.equal(2);
    for (const watch of watches) watch.close();
  });

  it("do not take an answer that was begun before a change of which they were told", async () => {
    const wakes = new Wakes();
    const read = new Read();
    const [one, other] = [wakes.changes.watch("r"), wakes.changes.watch("r")];
    const before = one.share("1.0", read.read);
    wakes.changed("another run");
    const joined = other.share("1.0", read.read);
    wakes.changed("r");
    const after = other.share("1.0", read.read);
    read.end();
    expect(await Promise.all([before, joined, after])).to.deep.equal([1, 1, 2]);
    one.close();
    other.close();
  });

  it("read anew once an answer is there", async () => {
    const wakes = new Wakes();
    const read = new Read();
    const watch = wakes.changes.watch("r");
    for (const expected of [1, 2]) {
      const answer = watch.share("1.0", read.read);
      read.end();
      expect(await answer).to.equal(expected);
    }
    watch.close();
  });

  it("fail together, and the next one tries again", async () => {
    const watch = new Wakes().changes.watch("r");
    const failing = () => Promise.reject(new Error("away"));
    const failures = await Promise.allSettled([watch.share("1.0", failing), watch.share("1.0", failing)]);
    expect(failures.map(({ status }) => status)).to.deep.equal(["rejected", "rejected"]);
    expect(await watch.share("1.0", () => Promise.resolve(7))).to.equal(7);
    watch.close();
  });
});
