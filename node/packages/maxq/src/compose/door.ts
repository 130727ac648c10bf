import type { RequestListener } from "node:http";
import type { App, Handler } from "@maxq/http";
import type { Logger } from "pino";

/** What listens while the server starts: answers 503 until there is an app to hand requests to. */
export class Door implements Handler {
  #app: App | null = null;

  constructor(readonly logger: Logger) {}

  open(app: App): void {
    this.#app = app;
  }

  readonly express: RequestListener = (request, response) => {
    if (this.#app !== null) {
      this.#app.express(request, response);
      return;
    }
    const body = {
      error: "The server is starting. Try again in a moment.",
      code: "UNAVAILABLE",
      details: {},
    };
    response.writeHead(503, { "Content-Type": "application/json; charset=utf-8", "Retry-After": "1" });
    response.end(`${JSON.stringify(body)}\n`);
  };

  readonly endWaits = (): void => this.#app?.endWaits();
}
