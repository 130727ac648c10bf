/** A loop that runs beside others. */
export interface Service {
  /** Begins. Does nothing if it runs already. */
  start(): void;
  /** Ends, and waits for the round in progress. Does nothing if it is not running. */
  stop(): Promise<void>;
  /** One round, now; joins the one in progress if there is one. */
  runOnce(): Promise<void>;
}
