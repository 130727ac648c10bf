import { expect } from "chai";
import { EventEmitter, once } from "node:events";
import { setImmediate } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { withDeadline } from "../../src/wait/with-deadline.js";

setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const never = (signal: AbortSignal): Promise<unknown> => once(new EventEmitter(), "never", { signal });

const nameOf = (error: unknown): string => (error as Error).name;

describe("a deadline", () => {
  it("comes even if garbage is collected while nobody else holds on to it", async () => {
    const waiting = withDeadline(new AbortController().signal, 50, never).catch(nameOf);
    for (let n = 0; n < 5; n++) {
      collectGarbage();
      await setImmediate();
    }
    expect(await waiting).to.equal("AbortError");
  });

  it("is not waited for once the signal has aborted, or the work is done", async () => {
    const request = new AbortController();
    const waiting = withDeadline(request.signal, 2 ** 30, never).catch(nameOf);
    request.abort();
    expect(await waiting).to.equal("AbortError");
    expect(await withDeadline(request.signal, 2 ** 30, never).catch(nameOf)).to.equal("AbortError");
    expect(await withDeadline(new AbortController().signal, 2 ** 30, () => Promise.resolve(7))).to.equal(7);
  });
});
