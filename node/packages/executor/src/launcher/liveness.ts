import type { ConnectionEnd } from "@maxq/core";
import type { LaunchedScripts } from "./launched-scripts.js";
import type { Requests } from "./requests.js";

/** Between two looks at a launcher that is to end something, in ms. */
const LOOK_MS = 1_000;
/** So many looks without a word from it, and it does not run. Looks and not time: while engine and launcher are stopped together there are none. */
const SILENT_LOOKS = 4;
/** No connection: the question whose it is gets an answer, and costs nothing. */
const nowhere: ConnectionEnd = { address: "", port: 0 };

/** Whether a launcher runs that was told to end a script: one that is stopped or frozen never would. */
export class Liveness {
  #silent = 0;
  #timer: NodeJS.Timeout | null = null;

  /** @param hangs it does not run */
  constructor(
    private readonly launched: LaunchedScripts,
    private readonly requests: Requests,
    private readonly hangs: () => void,
  ) {}

  /** It was told to end something. */
  watch(): void {
    this.#timer ??= setInterval(() => this.#look(), LOOK_MS);
  }

  /** It said something, whatever it was. */
  heard(): void {
    this.#silent = 0;
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#silent = 0;
  }

  #look(): void {
    if (!this.launched.all().some(({ ending }) => ending)) this.stop();
    else if (this.#silent++ < SILENT_LOOKS) this.requests.owner(0, nowhere, nowhere);
    else {
      this.stop();
      this.hangs();
    }
  }
}
