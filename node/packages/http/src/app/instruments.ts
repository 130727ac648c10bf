/** How an answered request is counted: by its route's pattern, never by its path. */
export interface AnsweredRequest {
  /** One of the methods that routes have, or `other`. */
  readonly method: string;
  /** `/runs/{runId}`; `none` where no route fits. */
  readonly route: string;
  readonly status: number;
  /** From its head to its end. */
  readonly ms: number;
  /** It was answered when it was ready, and neither streamed nor waited for something to happen, as `?wait=` does. */
  readonly prompt: boolean;
}

/** Measures what an app answers. It does not throw. */
export interface HttpInstruments {
  answered(request: AnsweredRequest): void;
  /** Somebody began to read a stream: of events, or of text such as a script's output. Returns what to call when it has ended. */
  reading(stream: "events" | "text"): () => void;
}

/** Measures nothing. */
export const noInstruments: HttpInstruments = {
  answered: () => undefined,
  reading: () => () => undefined,
};

/** What `GET /metrics` answers: all that this process measures. */
export interface MetricsText {
  readonly contentType: string;
  /** In Prometheus' text format. Does not reject while the database is away. */
  read(): Promise<string>;
}
